import { expect, it } from 'vitest';
import { ageOn, dayOf } from './calendar-day.ts';

it.each([
  { at: '2026-11-22T15:59:59.999Z', day: '2026-11-22' },
  { at: '2026-11-22T16:00:00.000Z', day: '2026-11-23' },
])('$at is $day in Shanghai', ({ at, day }) => expect(dayOf(Date.parse(at))).toBe(day));

it.each([
  { birth: '2008-11-22', today: '2026-11-22', age: 18 },
  { birth: '2008-11-23', today: '2026-11-22', age: 17 },
  { birth: '2026-11-22', today: '2026-11-22', age: 0 },
  { birth: '2008-02-29', today: '2026-02-28', age: 17 },
  { birth: '2008-02-29', today: '2026-03-01', age: 18 },
])('born on $birth: $age on $today', ({ birth, today, age }) => expect(ageOn(today, birth)).toBe(age));
