import { expect, it } from 'vitest';
import { median, quantile } from './median.ts';

it.each([
  { values: [], middle: 0, p95: 0 },
  { values: [7], middle: 7, p95: 7 },
  { values: [3, 1, 2], middle: 2, p95: 3 },
  { values: [4, 1, 3, 2], middle: 3, p95: 4 },
  { values: Array.from({ length: 100 }, (_, i) => 100 - i), middle: 51, p95: 95 },
])('$values.length values', ({ values, middle, p95 }) => {
  expect(median(values)).toBe(middle);
  expect(quantile(values, 0.95)).toBe(p95);
});
