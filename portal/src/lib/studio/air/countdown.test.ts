import { expect, it } from 'vitest';
import { plannedEndOf, untilAbsentEnd, untilEnd } from './countdown.ts';

const endingAt = '2026-11-22T12:00:30.000Z';
it.each([
  { name: 'just confirmed', now: '2026-11-22T12:00:00.000Z', ms: 30_000 },
  { name: 'half way', now: '2026-11-22T12:00:15.000Z', ms: 15_000 },
  { name: 'over', now: '2026-11-22T12:00:31.000Z', ms: 0 },
  { name: 'a clock that is an hour behind', now: '2026-11-22T11:00:00.000Z', ms: 30_000 },
])('$name: $ms', ({ now, ms }) => expect(untilEnd(endingAt, Date.parse(now))).toBe(ms));

const MINUTE = 60_000;

it.each([
  { name: 'in the middle: half an hour', lostAt: 10, now: 10, left: 30 },
  { name: 'as seen a moment before: no more than that', lostAt: 10, now: 9.99, left: 30 },
  { name: 'counts down', lostAt: 10, now: 25, left: 15 },
  { name: 'shortly before the planned end: 15 minutes after it', lostAt: 59, now: 59, left: 16 },
  { name: 'after the planned end: 15 minutes', lostAt: 70, now: 70, left: 15 },
  { name: 'never less than nothing', lostAt: 10, now: 100, left: 0 },
])('a lecture of an hour that lost its lecturer, $name', ({ lostAt, now, left }) => {
  const plannedEndMs = plannedEndOf({ startsAt: new Date(0).toISOString(), plannedMinutes: 60 });
  expect(untilAbsentEnd({ lostAtMs: lostAt * MINUTE, plannedEndMs }, now * MINUTE)).toBe(left * MINUTE);
});
