import { expect, it } from 'vitest';
import { lengthOf, missingParts } from './parts.ts';

const parts = (...pairs: [number, number][]) => pairs.map(([fromMs, toMs]) => ({ fromMs, toMs }));

it.each([
  { name: 'nothing seen', whole: parts([0, 10]), seen: [], missing: parts([0, 10]) },
  { name: 'all seen', whole: parts([0, 10]), seen: parts([0, 10]), missing: [] },
  { name: 'seen in the middle', whole: parts([0, 10]), seen: parts([3, 5]), missing: parts([0, 3], [5, 10]) },
  {
    name: 'in any order, overlapping',
    whole: parts([0, 10]),
    seen: parts([4, 8], [0, 5]),
    missing: parts([8, 10]),
  },
  { name: 'over the end', whole: parts([2, 10]), seen: parts([0, 4], [9, 30]), missing: parts([4, 9]) },
  {
    name: 'around a hole',
    whole: parts([0, 4], [8, 12]),
    seen: parts([2, 9]),
    missing: parts([0, 2], [9, 12]),
  },
])('$name', ({ whole, seen, missing }) => {
  expect(missingParts(whole, seen)).toEqual(missing);
  expect(lengthOf(missing)).toBe(missing.reduce((sum, part) => sum + part.toMs - part.fromMs, 0));
});
