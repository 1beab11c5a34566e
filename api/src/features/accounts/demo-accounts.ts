import type { Role } from '@yike/contracts/http/accounts';
import { z } from 'zod';

const DEFAULT_PASSWORD = 'yike-demo';
const Passwords = z.record(z.string(), z.string().min(8));

export interface DemoAccount {
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
}

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { username: 'resident', displayName: '王秀英', role: 'resident' },
  { username: 'resident2', displayName: '李建国', role: 'resident' },
  { username: 'lecturer', displayName: '陈老师', role: 'lecturer' },
  { username: 'admin', displayName: '管理员', role: 'admin' },
];

/**
 * The demo's passwords by user name.
 * @param json `DEMO_PASSWORDS`: what the set-up chose where others can reach the demo
 * @throws {z.ZodError | SyntaxError} for JSON that is no map of passwords
 */
export function demoPasswords(json: string | undefined): (username: string) => string {
  const chosen = json === undefined ? {} : Passwords.parse(JSON.parse(json));
  return (username) => chosen[username] ?? DEFAULT_PASSWORD;
}
