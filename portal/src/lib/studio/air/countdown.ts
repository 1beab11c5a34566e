/** How long an ending can be undone. */
export const UNDO_MS = 30_000;

/**
 * Milliseconds until the end takes effect, by this device's clock. Where that clock is off the answer is held within
 * what can be: between nothing and the whole 30 s.
 * @param endingAt ISO 8601, by the server's clock
 * @param now Unix ms
 */
export function untilEnd(endingAt: string, now: number): number {
  return Math.min(UNDO_MS, Math.max(0, Date.parse(endingAt) - now));
}
