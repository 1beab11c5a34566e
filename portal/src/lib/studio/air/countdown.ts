import { absenceEndsAtMs } from '@yike/contracts/absence';
import type { Lecture } from '@yike/contracts/http/lectures';

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

/** Unix ms: the start of the plan plus its length. */
export const plannedEndOf = ({
  startsAt,
  plannedMinutes,
}: Pick<Lecture, 'startsAt' | 'plannedMinutes'>): number => Date.parse(startsAt) + plannedMinutes * 60_000;

/**
 * Milliseconds until the lecture ends by itself because its lecturer does not come back: by the rule, as nobody can be asked
 * while the network is cut.
 * @param lostAtMs when this page lost its connection; all times unix ms, by this device's clock
 * @param now of a page that looks twice a second: it may be a little before `lostAtMs`
 */
export const untilAbsentEnd = (
  { lostAtMs, plannedEndMs }: { lostAtMs: number; plannedEndMs: number },
  now: number,
): number => Math.max(0, absenceEndsAtMs(lostAtMs, plannedEndMs) - Math.max(lostAtMs, now));
