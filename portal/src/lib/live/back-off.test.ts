import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pause, RECONNECT, waitBefore } from './back-off.ts';

it.each([
  { attempt: 1, chance: 0, wait: 200 },
  { attempt: 1, chance: 1, wait: 400 },
  { attempt: 2, chance: 0, wait: 340 },
  { attempt: 2, chance: 0.5, wait: 510 },
  { attempt: 20, chance: 0, wait: 2_500 },
  { attempt: 20, chance: 1, wait: 5_000 },
  { attempt: 0, chance: 1, wait: 400 },
])('waits $wait ms before try $attempt by chance $chance', ({ attempt, chance, wait }) =>
  expect(waitBefore(attempt, chance)).toBe(wait),
);

it('stays within its bounds, and its bounds grow', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, chance) => {
        const wait = waitBefore(attempt, chance);
        expect(wait).toBeGreaterThanOrEqual(RECONNECT.firstMs / 2);
        expect(wait).toBeLessThanOrEqual(RECONNECT.mostMs);
        expect(waitBefore(attempt + 1, chance)).toBeGreaterThanOrEqual(wait);
      },
    ),
  );
});

it('a pause ends at once when it is called off', async () => {
  const called = new AbortController();
  const waiting = pause(60_000, called.signal);
  called.abort();
  await waiting;
  await pause(60_000, called.signal);
});
