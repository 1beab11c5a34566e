import { describe, expect, it } from 'vitest';
import { kilobitsOf, type Transfer } from './line-speed.ts';

const transfer = (bytes: number, fromMs: number, toMs: number): Transfer => ({ bytes, fromMs, toMs });

describe('how fast a line is', () => {
  it.each<{ name: string; transfers: Transfer[]; expected: number | null }>([
    { name: 'unknown before anything came', transfers: [], expected: null },
    { name: 'unknown after little', transfers: [transfer(29_999, 0, 4_000)], expected: null },
    { name: 'bits over time', transfers: [transfer(30_000, 1_000, 5_000)], expected: 60 },
    {
      name: 'at the same time: counted once',
      transfers: [transfer(30_000, 0, 4_000), transfer(10_000, 1_000, 3_000), transfer(20_000, 2_000, 6_000)],
      expected: 80,
    },
    {
      name: 'in whatever order',
      transfers: [transfer(20_000, 5_000, 6_000), transfer(20_000, 0, 1_000)],
      expected: 160,
    },
    {
      name: 'waiting between them is not the line’s',
      transfers: [transfer(20_000, 0, 1_000), transfer(20_000, 60_000, 61_000)],
      expected: 160,
    },
    { name: 'all at once', transfers: [transfer(50_000, 10, 10)], expected: Infinity },
  ])('$name', ({ transfers, expected }) => expect(kilobitsOf(transfers)).toBe(expected));
});
