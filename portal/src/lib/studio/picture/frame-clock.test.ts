import { expect, it } from 'vitest';
import { nextTick } from './frame-clock.ts';

it.each([
  { name: 'in time', frame: 0, now: 1_010, tick: { frame: 1, waitMs: 30 } },
  { name: 'late: at once', frame: 0, now: 1_050, tick: { frame: 1, waitMs: 0 } },
  { name: 'late, but to be caught up with', frame: 10, now: 1_640, tick: { frame: 11, waitMs: 0 } },
  {
    name: 'held back for a second: the missed are left out',
    frame: 10,
    now: 2_440,
    tick: { frame: 36, waitMs: 0 },
  },
])('$name', ({ frame, now, tick }) => expect(nextTick(frame, 1_000, now, 25)).toEqual(tick));

it('keeps its rate over an hour of late timers', () => {
  let now = 0;
  let frame = 0;
  let drawn = 0;
  while (now < 3_600_000) {
    drawn++;
    const tick = nextTick(frame, 0, now + 3, 30);
    frame = tick.frame;
    now += 3 + tick.waitMs + (drawn % 7);
  }
  expect(Math.abs(drawn - 3_600 * 30)).toBeLessThanOrEqual(2);
});
