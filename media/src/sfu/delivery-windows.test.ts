import { describe, expect, it } from 'vitest';
import { type DeliverySample, drainDelivery, sampleDelivery, startDelivery } from './delivery-windows.ts';

const T = 1_790_000_000_000;
const at = (seconds: number, bytes: number): DeliverySample => ({ atMs: T + seconds * 1000, bytes });
const windows = (samples: DeliverySample[]) => {
  const [first, ...rest] = samples;
  const log = rest.reduce((before, sample) => sampleDelivery(before, sample), startDelivery(first!));
  return (
    drainDelivery(log).report?.windows.map(({ fromMs, toMs }) => [(fromMs - T) / 1000, (toMs - T) / 1000]) ??
    []
  );
};

describe('delivery windows', () => {
  it.each([
    { name: 'nothing but the start', samples: [at(0, 0)], expected: [] },
    { name: 'no byte', samples: [at(0, 0), at(2, 0)], expected: [] },
    { name: 'bytes since the start', samples: [at(0, 0), at(2, 1)], expected: [[0, 2]] },
    { name: 'windows that touch are one', samples: [at(0, 0), at(2, 9), at(4, 18)], expected: [[0, 4]] },
    {
      name: 'a pause parts them',
      samples: [at(0, 0), at(2, 9), at(4, 9), at(6, 18)],
      expected: [
        [0, 2],
        [4, 6],
      ],
    },
    { name: 'a sampler that was stopped credits 5 s', samples: [at(0, 0), at(40, 9)], expected: [[35, 40]] },
    { name: 'exactly 5 s', samples: [at(0, 0), at(5, 9)], expected: [[0, 5]] },
    {
      name: 'a new transport counts from its own zero',
      samples: [at(0, 900), at(2, 5), at(4, 9)],
      expected: [[2, 4]],
    },
    { name: 'a clock that stands', samples: [at(0, 0), at(0, 9), at(2, 18)], expected: [[0, 2]] },
    {
      name: 'a clock set back an hour',
      samples: [at(0, 0), at(-3600, 9), at(-3598, 18)],
      expected: [[-3600, -3598]],
    },
  ])('$name', ({ samples, expected }) => expect(windows(samples)).toEqual(expected));

  it('counts the bytes of what it reports, once', () => {
    const { report, rest } = drainDelivery(sampleDelivery(startDelivery(at(0, 100)), at(2, 350)));
    expect(report).toEqual({ windows: [{ fromMs: T, toMs: T + 2000 }], bytes: 250 });
    expect(drainDelivery(rest).report).toBeNull();
  });

  it('goes on from the last sample after a report', () => {
    const { rest } = drainDelivery(sampleDelivery(startDelivery(at(0, 0)), at(2, 10)));
    expect(drainDelivery(sampleDelivery(rest, at(4, 20))).report).toEqual({
      windows: [{ fromMs: T + 2000, toMs: T + 4000 }],
      bytes: 10,
    });
  });

  it('never has more windows than the contract allows, and keeps the latest', () => {
    const samples = Array.from({ length: 101 }, (_, i) => at(i * 2, Math.floor((i + 1) / 2)));
    const found = windows(samples);
    expect(found).toHaveLength(20);
    expect(found.at(-1)).toEqual([196, 198]);
  });
});
