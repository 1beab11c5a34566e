import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';

/** What a program printed. */
export interface Printed {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end. @throws Error with what it said where it fails */
export async function runProgram(program: string, args: readonly string[]): Promise<Printed> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [[code], stdout, stderr] = await Promise.all([closed, buffer(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${stderr.slice(-2_000)}`);
  return { stdout, stderr };
}
