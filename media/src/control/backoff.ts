/** The time to wait before try number `attempt` (from 0): exponential, full jitter above the half, at most `maxMs`. */
export function backoffMs(
  attempt: number,
  { baseMs, maxMs }: { baseMs: number; maxMs: number },
  chance: () => number = Math.random,
): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 20));
  return Math.round(ceiling / 2 + (chance() * ceiling) / 2);
}
