import { spawn } from 'node:child_process';
import path from 'node:path';
import { SetupFailure } from '../host/failure.ts';
import { inCheckout } from '../host/paths.ts';
import type { Options } from '../options.ts';
import { withData } from '../services/data-services.ts';
import { exitOf } from '../services/running.ts';
import { build } from '../setup/build.ts';
import { Steps } from '../setup/steps.ts';

/** The API's commands for whoever runs it: backups (`api/src/backup/main.ts`), rotation of keys (`api/src/rotate-keys.ts`), proof of the audit log. */
export type Command = 'backup/main.js' | 'rotate-keys.js' | 'verify-audit.js';

/**
 * Runs one of the API's commands on the data folder's database and storage; what it says goes to the console.
 * @returns its exit code
 */
export async function runOnData(
  options: Options,
  command: Command,
  args: readonly string[],
): Promise<number> {
  const steps = new Steps((line) => console.log(line));
  await steps.run('build', async () => [undefined, await build()]);
  return withData(options, async (env) => {
    const script = inCheckout('api', 'dist', command);
    const child = spawn(process.execPath, [script, ...args], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return (await exitOf(child)).code ?? 1;
  });
}

/** The folder that a command names, seen from where the person typed it. @throws SetupFailure where none is named */
export function namedFolder(args: readonly string[], usage: string): string {
  const [folder] = args;
  if (folder === undefined || args.length > 1) throw new SetupFailure(`Say: ${usage}.`);
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
}
