import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

/** The user under which things run that must not be root: `nobody` on every Linux. */
export const UNPRIVILEGED = { uid: 65534, gid: 65534 } as const;

/** How to spawn a program: what to run, and as whom (absent: as we are). */
export interface Launch {
  command: string;
  args: string[];
  uid?: number;
  gid?: number;
}

/** Whether this process is root. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

let userNamespaces: boolean | undefined;

/** Whether this machine lets us enter a user namespace (containers often forbid it). Asked once. */
function hasUserNamespaces(): boolean {
  userNamespaces ??= spawnSync('unshare', ['-U', '--', 'true'], { stdio: 'ignore' }).status === 0;
  return userNamespaces;
}

/** Whether the system knows this process's user by name; in a container it often does not. */
function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/**
 * How to launch PostgreSQL, which refuses to run as root or as a user without a name. In a user namespace without a mapping
 * we look like `nobody`, to ourselves and as the owner of our files, so nothing needs another owner; where namespaces are
 * forbidden root really becomes `nobody`, and its files must be given to that user.
 */
export function launchPostgres(command: string, args: string[]): Launch {
  if (!isRoot() && hasName()) return { command, args };
  if (hasUserNamespaces()) return { command: 'unshare', args: ['-U', '--', command, ...args] };
  return isRoot() ? { command, args, ...UNPRIVILEGED } : { command, args };
}
