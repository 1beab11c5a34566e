import { expect, it } from 'vitest';
import { untilEnd } from './countdown.ts';

const endingAt = '2026-11-22T12:00:30.000Z';
it.each([
  { name: 'just confirmed', now: '2026-11-22T12:00:00.000Z', ms: 30_000 },
  { name: 'half way', now: '2026-11-22T12:00:15.000Z', ms: 15_000 },
  { name: 'over', now: '2026-11-22T12:00:31.000Z', ms: 0 },
  { name: 'a clock that is an hour behind', now: '2026-11-22T11:00:00.000Z', ms: 30_000 },
])('$name: $ms', ({ now, ms }) => expect(untilEnd(endingAt, Date.parse(now))).toBe(ms));
