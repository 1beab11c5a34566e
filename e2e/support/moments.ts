import { setTimeout as sleep } from 'node:timers/promises';

/** The scenario's own clock: resolves so many seconds after a moment (unix ms). */
export async function secondsAfter(momentMs: number, seconds: number): Promise<void> {
  await sleep(Math.max(0, momentMs + seconds * 1000 - Date.now()));
}

/** Asks until the answer is there. @throws Error with `what` after `timeoutMs` */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(100);
  }
}
