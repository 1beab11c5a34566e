import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hull,
  type Interval,
  type IntervalSet,
  intersect,
  isInterval,
  lengthMs,
  parseIntervals,
  printIntervals,
  shift,
  subtract,
  takeFirst,
  union,
  unite,
  widen,
} from './intervals.ts';

const LENGTH = 64;
const at = (fromMs: number, toMs: number): Interval => ({ fromMs, toMs });

/** The oracle: one boolean a millisecond. */
function bitsOf(list: readonly Interval[]): boolean[] {
  return Array.from({ length: LENGTH }, (_, ms) =>
    list.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs),
  );
}

const anyList = fc.array(
  fc.tuple(fc.nat(LENGTH), fc.nat(LENGTH)).map(([a, b]) => at(a, b)),
  { maxLength: 12 },
);
const anySet = anyList.map((list) => unite(list));

function expectNormal(set: IntervalSet): void {
  expect(set.every(isInterval)).toBe(true);
  expect(set.every(({ fromMs }, i) => i === 0 || fromMs > (set[i - 1]?.toMs ?? 0))).toBe(true);
}

describe('against a bitset', () => {
  it('normalizes', () => {
    fc.assert(
      fc.property(anyList, (list) => {
        expectNormal(unite(list));
        expect(bitsOf(unite(list))).toEqual(bitsOf(list));
      }),
    );
  });

  it.each([
    { name: 'unites', set: union, bit: (a: boolean, b: boolean) => a || b },
    { name: 'intersects', set: intersect, bit: (a: boolean, b: boolean) => a && b },
    { name: 'subtracts', set: subtract, bit: (a: boolean, b: boolean) => a && !b },
  ])('$name', ({ set, bit }) => {
    fc.assert(
      fc.property(anySet, anySet, (a, b) => {
        const bitsOfB = bitsOf(b);
        expectNormal(set(a, b));
        expect(bitsOf(set(a, b))).toEqual(bitsOf(a).map((inA, ms) => bit(inA, bitsOfB[ms] ?? false)));
      }),
      { numRuns: 1000 },
    );
  });

  it('measures', () => {
    fc.assert(fc.property(anySet, (set) => lengthMs(set) === bitsOf(set).filter(Boolean).length));
  });

  it('takes the first milliseconds', () => {
    fc.assert(
      fc.property(anySet, fc.nat(LENGTH), (set, budgetMs) => {
        const taken = takeFirst(set, budgetMs);
        const rest = subtract(set, taken);
        expect(lengthMs(taken)).toBe(Math.min(budgetMs, lengthMs(set)));
        expect(union(taken, rest)).toEqual(set);
        expect(hull(taken)?.toMs ?? 0).toBeLessThanOrEqual(hull(rest)?.fromMs ?? LENGTH);
      }),
    );
  });
});

it('uniting is idempotent, commutative and associative: duplicates and order never matter', () => {
  fc.assert(
    fc.property(anySet, anySet, anySet, (a, b, c) => {
      expect(union(a, a)).toEqual(a);
      expect(union(a, b)).toEqual(union(b, a));
      expect(union(union(a, b), c)).toEqual(union(a, union(b, c)));
    }),
  );
});

it.each([
  { name: 'a hole as wide as allowed is closed', holeMs: 5, expected: [at(0, 20)] },
  { name: 'a wider one stays', holeMs: 4, expected: [at(0, 10), at(15, 20)] },
])('unite: $name', ({ holeMs, expected }) => {
  expect(unite([at(15, 20), at(0, 10)], holeMs)).toEqual(expected);
});

it('widening joins what comes to touch', () => {
  expect(widen([at(10, 20), at(24, 30)], 2)).toEqual([at(8, 32)]);
});

it('PostgreSQL reads and writes the same text', () => {
  fc.assert(
    fc.property(anySet, (set) => {
      expect(parseIntervals(printIntervals(set))).toEqual(set);
    }),
  );
});

it.each(['', '{', '{[1,2)', '{[1,2],}', '{[1,2),}', '{(,2)}'])('is no multirange: %s', (text) => {
  expect(() => parseIntervals(text)).toThrow(RangeError);
});

it('shifts', () => {
  expect(shift([at(0, 10), at(20, 30)], -5)).toEqual([at(-5, 5), at(15, 25)]);
});

it.each([at(5, 5), at(6, 5), at(Number.NaN, 5), at(0, Infinity), at(0, 2 ** 53), at(0.5, 2)])(
  'is no interval: %o',
  (interval) => {
    expect(isInterval(interval)).toBe(false);
  },
);
