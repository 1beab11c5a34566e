import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarliestStart } from './earliest-start.ts';

const FRAME_TICKS = 3_000;
const FRAME_MS = 1_000 / 30;

describe('EarliestStart', () => {
  it('is the arrival of the first packet while nothing was less late', () => {
    const start = new EarliestStart(90_000, 0, 1_000);
    start.observe(FRAME_TICKS, 1_000 + FRAME_MS + 20);
    expect(start.atMs).toBe(1_000);
  });

  it('moves back by what the first packet was later than another', () => {
    const start = new EarliestStart(90_000, 0, 1_080);
    start.observe(FRAME_TICKS * 3, 1_100);
    expect(start.atMs).toBeCloseTo(1_000, 6);
  });

  it('counts on over the wrap of timestamps', () => {
    const start = new EarliestStart(48_000, 2 ** 32 - 480, 50);
    start.observe(480, 60);
    expect(start.atMs).toBeCloseTo(40, 6);
  });

  it('finds the true start once any packet comes without delay, in any order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 }),
        fc.nat(39),
        fc.nat({ max: 2 ** 32 - 1 }),
        (delays, onTime, firstTimestamp) => {
          const delayed = delays.map((delay, index) => (index === onTime % delays.length ? 0 : delay));
          const start = new EarliestStart(90_000, firstTimestamp, 5_000 + (delayed[0] ?? 0));
          for (const [index, delay] of delayed.entries()) {
            const timestamp = (firstTimestamp + index * FRAME_TICKS) % 2 ** 32;
            start.observe(timestamp, 5_000 + index * FRAME_MS + delay);
          }
          expect(start.atMs).toBeCloseTo(5_000, 5);
        },
      ),
    );
  });
});
