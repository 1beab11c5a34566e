import { expect, it } from 'vitest';
import { shanghaiDay, shanghaiDays } from './shanghai-day.ts';

const MIDNIGHT = Date.UTC(2026, 10, 1, 16); // 2 November, 00:00 in Shanghai
const DAY_MS = 86_400_000;

it.each([
  { name: 'a millisecond before midnight', atMs: MIDNIGHT - 1, fromMs: MIDNIGHT - DAY_MS },
  { name: 'midnight', atMs: MIDNIGHT, fromMs: MIDNIGHT },
  { name: 'before 1970', atMs: -9 * 3_600_000, fromMs: -32 * 3_600_000 },
])('$name', ({ atMs, fromMs }) => {
  expect(shanghaiDay(atMs)).toEqual({ fromMs, toMs: fromMs + DAY_MS });
});

it('a set over midnight touches both days, each once', () => {
  const set = [
    { fromMs: MIDNIGHT - 5_000, toMs: MIDNIGHT - 4_000 },
    { fromMs: MIDNIGHT - 1_000, toMs: MIDNIGHT + 1_000 },
  ];
  expect(shanghaiDays(set).map(({ fromMs }) => fromMs)).toEqual([MIDNIGHT - DAY_MS, MIDNIGHT]);
  expect(shanghaiDays([{ fromMs: MIDNIGHT - 10, toMs: MIDNIGHT }])).toHaveLength(1);
});
