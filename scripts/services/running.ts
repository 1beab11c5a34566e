import type { ChildProcess } from 'node:child_process';

/** How a process ended. A program that could not be run at all ends with code 127, as in a shell. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of ours that answers requests. */
export interface Running {
  pid: number;
  /** Resolves when the process is gone, for whatever reason. */
  exited: Promise<Exit>;
  /** Asks it to end, and kills it where it does not; resolves when it is gone. Calling it again is harmless. */
  stop(): Promise<void>;
}

/** Resolves when the child is gone. To be called in the tick of its start. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: 127, signal: null });
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Ends a child by a signal, and by SIGKILL where it is still there after `graceMs`. */
export async function endChild(
  child: ChildProcess,
  exited: Promise<Exit>,
  { signal, graceMs, last = 'SIGKILL' }: { signal: NodeJS.Signals; graceMs: number; last?: NodeJS.Signals },
): Promise<void> {
  child.kill(signal);
  const late = setTimeout(() => child.kill(last), graceMs);
  await exited;
  clearTimeout(late);
}
