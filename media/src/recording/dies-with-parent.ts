import { spawnSync } from 'node:child_process';

const PREFIX = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;
let isThere: boolean | undefined;

/**
 * A command line whose process the kernel kills when we die, however we die. Where util-linux is not there to ask for it, the
 * command as it is. The process keeps its id: nothing stands between.
 */
export function dyingWithParent(program: string, args: readonly string[]): [program: string, args: string[]] {
  const [command, ...rest] = PREFIX;
  isThere ??= spawnSync(command, [...rest, 'true'], { stdio: 'ignore' }).status === 0;
  return isThere ? [command, [...rest, program, ...args]] : [program, [...args]];
}
