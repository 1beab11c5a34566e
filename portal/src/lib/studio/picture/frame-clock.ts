/** When the next frame is due, and which it is. */
export interface Tick {
  readonly frame: number;
  readonly waitMs: number;
}

/** A worker that was held back further than this leaves the missed frames out instead of hurrying after them. */
const CATCH_UP_MS = 200;

/**
 * A fixed rate that corrects itself: frame n is due at `startedAt + n x interval`, whatever the one before took, so that
 * rounding and late timers never add up.
 * @param frame the one that was just drawn
 */
export function nextTick(frame: number, startedAt: number, now: number, framesPerSecond: number): Tick {
  const intervalMs = 1000 / framesPerSecond;
  const lateMs = now - (startedAt + (frame + 1) * intervalMs);
  const missed = lateMs > CATCH_UP_MS ? Math.floor(lateMs / intervalMs) : 0;
  const next = frame + 1 + missed;
  return { frame: next, waitMs: Math.max(0, startedAt + next * intervalMs - now) };
}
