import { expect, it } from 'vitest';
import { idlePercent } from './cpu.ts';

it.each([
  { before: { idle: 0, total: 0 }, after: { idle: 50, total: 200 }, percent: 25 },
  { before: { idle: 10, total: 100 }, after: { idle: 110, total: 200 }, percent: 100 },
  { before: { idle: 10, total: 100 }, after: { idle: 10, total: 100 }, percent: 100 },
])('$percent %', ({ before, after, percent }) => expect(idlePercent(before, after)).toBe(percent));
