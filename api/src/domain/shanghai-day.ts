import type { Interval, IntervalSet } from './intervals.ts';

/** China has kept UTC+8 without summer time since 1992 (IANA `Asia/Shanghai`). */
const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The Shanghai day, midnight to midnight, in which a moment (ms since 1970) lies. */
export function shanghaiDay(atMs: number): Interval {
  const fromMs = Math.floor((atMs + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
  return { fromMs, toMs: fromMs + DAY_MS };
}

/** The days that a set of moments touches, in order. */
export function shanghaiDays(set: IntervalSet): Interval[] {
  const days: Interval[] = [];
  for (const { fromMs, toMs } of set) {
    for (let day = shanghaiDay(fromMs); day.fromMs < toMs; day = shanghaiDay(day.toMs)) {
      if (days.at(-1)?.fromMs !== day.fromMs) days.push(day);
    }
  }
  return days;
}
