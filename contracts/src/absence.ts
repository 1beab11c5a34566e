/** A broadcast that nobody publishes to ends by itself after this long … */
export const ABSENT_MS = 30 * 60_000;
/** … of which so much suffices after its planned end. */
export const ABSENT_AFTER_PLAN_MS = 15 * 60_000;

/**
 * When a broadcast ends by rule if its lecturer does not come back. A lecturer who overruns and loses the connection still
 * has 15 minutes. The studio counts down by the same rule while it cannot ask anyone.
 * @param absentSinceMs when the publisher left, unix ms
 * @param plannedEndMs start of the plan plus its length, unix ms
 */
export const absenceEndsAtMs = (absentSinceMs: number, plannedEndMs: number): number =>
  Math.min(absentSinceMs + ABSENT_MS, Math.max(absentSinceMs, plannedEndMs) + ABSENT_AFTER_PLAN_MS);
