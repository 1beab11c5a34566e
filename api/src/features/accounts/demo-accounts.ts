import type { Role } from '@yike/contracts/http/accounts';
import { z } from 'zod';

const DEFAULT_PASSWORD = 'yike-demo';
const Passwords = z.record(z.string(), z.string().min(8));

export interface DemoAccount {
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  /** The organisation of the demo where they are at home, and where their role is. */
  readonly place: string;
}

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { username: 'resident', displayName: '王秀英', role: 'resident', place: '桂苑社区' },
  { username: 'resident2', displayName: '李建国', role: 'resident', place: '南山社区' },
  { username: 'lecturer', displayName: '陈老师', role: 'lecturer', place: '滨江区' },
  { username: 'community', displayName: '周敏', role: 'administrator', place: '桂苑社区' },
  { username: 'street', displayName: '何芳', role: 'administrator', place: '南山街道' },
  { username: 'curator', displayName: '林静', role: 'curator', place: '滨江区' },
  { username: 'auditor', displayName: '赵强', role: 'auditor', place: '滨江区' },
  { username: 'admin', displayName: '管理员', role: 'platform-administrator', place: '滨江区' },
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
