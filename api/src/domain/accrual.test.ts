import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accrueMilliCredits, accrueSeconds, type CreditPolicy } from './accrual.ts';

const at = (fromMs: number, toMs: number) => ({ fromMs, toMs });
const policy: CreditPolicy = { version: 1, secondsPerClassHour: 2_700, classHoursPerCredit: 18 };

describe('seconds of a lineage', () => {
  const recorded = [at(0, 100_999)];
  it.each([
    { name: 'nothing completed', completedUnits: [], postedSeconds: 0, expected: 0 },
    { name: 'the whole, floored', completedUnits: [[at(0, 100_999)]], postedSeconds: 0, expected: 100 },
    {
      name: 'a piece of it afterwards',
      completedUnits: [[at(0, 100_999)], [at(0, 50_000)]],
      postedSeconds: 100,
      expected: 0,
    },
    {
      name: 'two pieces floored once',
      completedUnits: [[at(0, 1_500)], [at(1_500, 3_000)]],
      postedSeconds: 0,
      expected: 3,
    },
    {
      name: 'the whole after a piece',
      completedUnits: [[at(0, 50_000)], [at(0, 100_999)]],
      postedSeconds: 50,
      expected: 50,
    },
    { name: 'never back', completedUnits: [[at(0, 50_000)]], postedSeconds: 60, expected: 0 },
  ])('$name', ({ completedUnits, postedSeconds, expected }) => {
    expect(accrueSeconds({ completedUnits, recorded, postedSeconds })).toBe(expected);
  });

  it('posting in whatever order comes to the same sum', () => {
    const anyUnit = fc.tuple(fc.nat(90_000), fc.nat(30_000)).map(([from, ms]) => [at(from, from + ms + 1)]);
    fc.assert(
      fc.property(fc.array(anyUnit, { maxLength: 6 }), (units) => {
        let postedSeconds = 0;
        units.forEach((_, i) => {
          postedSeconds += accrueSeconds({ completedUnits: units.slice(0, i + 1), recorded, postedSeconds });
        });
        expect(postedSeconds).toBe(accrueSeconds({ completedUnits: units, recorded, postedSeconds: 0 }));
      }),
    );
  });
});

it.each([
  { accruedSeconds: 48, postedMilliCredits: 0, expected: 0 },
  { accruedSeconds: 49, postedMilliCredits: 0, expected: 1 },
  { accruedSeconds: 48_600, postedMilliCredits: 0, expected: 1_000 },
  { accruedSeconds: 48_600, postedMilliCredits: 1_000, expected: 0 },
  { accruedSeconds: 2_700, postedMilliCredits: 50, expected: 5 },
])('$accruedSeconds s, $postedMilliCredits posted: $expected milli-credits', ({ expected, ...facts }) => {
  expect(accrueMilliCredits(facts, policy)).toBe(expected);
});
