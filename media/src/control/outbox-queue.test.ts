import { describe, expect, it } from 'vitest';
import { eventOf } from './testing/events.ts';
import { isDurable, nextBatch, shed } from './outbox-queue.ts';

const report = (n: number) => eventOf({ type: 'delivery.report', lines: [] }, n);
const viewers = (n: number) => eventOf({ type: 'room.viewers', viewers: n }, n);
const joined = (n: number) => eventOf({ type: 'publisher.joined' }, n);
const numbers = (events: readonly { n: number }[]) => events.map(({ n }) => n);

describe('a full outbox', () => {
  it.each([
    { name: 'with room drops nothing', queue: [report(0), joined(1)], limit: 2, left: [0, 1] },
    {
      name: 'drops the oldest report first',
      queue: [viewers(0), report(1), report(2)],
      limit: 2,
      left: [0, 2],
    },
    {
      name: 'then viewer counts',
      queue: [viewers(0), report(1), viewers(2), joined(3)],
      limit: 2,
      left: [2, 3],
    },
    {
      name: 'never what must arrive',
      queue: [joined(0), report(1), joined(2), joined(3)],
      limit: 1,
      left: [0, 2, 3],
    },
  ])('$name', ({ queue, limit, left }) => expect(numbers(shed(queue, limit))).toEqual(left));

  it('keeps on disk what must arrive', () =>
    expect([report(0), viewers(1), joined(2)].map(isDurable)).toEqual([false, false, true]));
});

describe('a batch', () => {
  const bytes = Buffer.byteLength(JSON.stringify(joined(0)));
  it.each([
    { name: 'is bounded by count', limits: { maxEvents: 2, maxBytes: 1e6 }, taken: [0, 1] },
    { name: 'is bounded by size', limits: { maxEvents: 9, maxBytes: 2 * bytes }, taken: [0, 1] },
    { name: 'has one at least', limits: { maxEvents: 9, maxBytes: 1 }, taken: [0] },
    { name: 'has all in order', limits: { maxEvents: 9, maxBytes: 1e6 }, taken: [0, 1, 2] },
  ])('$name', ({ limits, taken }) =>
    expect(numbers(nextBatch([joined(0), joined(1), joined(2)], limits))).toEqual(taken),
  );
});
