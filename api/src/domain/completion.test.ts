import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assessCompletion, requiredMs, validMs } from './completion.ts';

const MINUTE = 60_000;
const at = (fromMs: number, toMs: number) => ({ fromMs, toMs });

it.each([
  { name: '10 min: 30 s may lack', required: 10 * MINUTE, valid: 570_000, complete: true },
  { name: '10 min, a millisecond less', required: 10 * MINUTE, valid: 569_999, complete: false },
  { name: '45 min: 5 % may lack', required: 45 * MINUTE, valid: 2_565_000, complete: true },
  { name: '45 min, a millisecond less', required: 45 * MINUTE, valid: 2_564_999, complete: false },
  { name: '60 s: never more than 30 %', required: MINUTE, valid: 42_000, complete: true },
  { name: '60 s, a millisecond less', required: MINUTE, valid: 41_999, complete: false },
  { name: '100 s: both rules meet', required: 100_000, valid: 70_000, complete: true },
  { name: 'nothing recorded', required: 0, valid: 0, complete: false },
])('$name', ({ required, valid, complete }) => {
  expect(assessCompletion({ requiredMs: required, validMs: valid }).complete).toBe(complete);
});

it('ten minutes at 1.5 leave 2:50 to be watched again, less the 30 s that may lack', () => {
  const unit = [at(0, 10 * MINUTE)];
  const fast = { media: unit, clock: [at(0, 400_000)] };
  const again = { media: unit, clock: [at(0, 400_000), at(500_000, 500_000 + 170_000)] };
  expect(
    assessCompletion({ requiredMs: requiredMs(unit, unit), validMs: validMs(fast, unit, unit) }).complete,
  ).toBe(false);
  expect(
    assessCompletion({ requiredMs: requiredMs(unit, unit), validMs: validMs(again, unit, unit) }).complete,
  ).toBe(true);
});

it('a gap is neither required nor valid', () => {
  const unit = [at(0, 100)];
  const recorded = [at(0, 40), at(60, 200)];
  expect(requiredMs(unit, recorded)).toBe(80);
  expect(validMs({ media: [at(0, 200)], clock: [at(0, 500)] }, unit, recorded)).toBe(80);
});

it('valid time never exceeds the clock, the media played, or what is required', () => {
  const anySet = fc
    .tuple(fc.nat(500), fc.integer({ min: 1, max: 500 }))
    .map(([from, ms]) => [at(from, from + ms)]);
  fc.assert(
    fc.property(anySet, anySet, anySet, anySet, (media, clock, unit, recorded) => {
      const valid = validMs({ media, clock }, unit, recorded);
      const lengths = [media, clock].map(([only]) => (only ? only.toMs - only.fromMs : 0));
      expect(valid).toBeLessThanOrEqual(Math.min(...lengths, requiredMs(unit, recorded)));
    }),
  );
});
