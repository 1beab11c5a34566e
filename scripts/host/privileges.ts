import { spawnSync } from 'node:child_process';

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
export function hasUserNamespaces(): boolean {
  userNamespaces ??= spawnSync('unshare', ['-U', '--', 'true'], { stdio: 'ignore' }).status === 0;
  return userNamespaces;
}

/**
 * How to launch PostgreSQL, which refuses to run as root. In a user namespace without a mapping root looks like
 * `nobody`, to itself and as the owner of its files, so nothing needs another owner; where namespaces are
 * forbidden it really becomes `nobody`, and its files must be given to that user.
 */
export function launchNotRoot(command: string, args: string[]): Launch {
  if (!isRoot()) return { command, args };
  if (hasUserNamespaces()) return { command: 'unshare', args: ['-U', '--', command, ...args] };
  return { command, args, ...UNPRIVILEGED };
}
