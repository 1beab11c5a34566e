import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { exitOf } from '../services/running.ts';

/** What a finished program has said. */
export interface Outcome {
  code: number | null;
  /** Standard output and standard error, interleaved, the last 64 kB. */
  output: string;
}

const KEPT_CHARACTERS = 65_536;
const running = new Set<ChildProcess>();

/** Ends the programs that are still running: the person does not want to wait for them. */
export function endRunning(): void {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a program to its end and keeps what it says. A program that cannot be run ends with code 127.
 * @param options `timeoutMs`: it is killed after this time, its code is then null.
 */
export async function run(
  command: string,
  args: string[],
  { timeoutMs, ...options }: SpawnOptions & { timeoutMs?: number } = {},
): Promise<Outcome> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
  }
  const late = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const exited = exitOf(child);
  const closed = new Promise((resolve) => child.once('close', resolve));
  const { code } = await exited;
  clearTimeout(late);
  running.delete(child);
  if (code !== 127) await closed; // The last words are read by then.
  return { code, output };
}
