import { expect, it } from 'vitest';
import { StallWatch } from './stall-watch.ts';

it.each<{ name: string; looks: [number, boolean][]; stalls: number[] }>([
  {
    name: 'a moment of waiting is none',
    looks: [
      [0, true],
      [1_499, true],
      [1_600, false],
    ],
    stalls: [],
  },
  {
    name: 'a longer one is',
    looks: [
      [0, true],
      [1_500, true],
      [2_000, true],
    ],
    stalls: [1_500],
  },
  {
    name: 'a very long one is several',
    looks: [
      [0, true],
      [1_500, true],
      [5_499, true],
      [5_500, true],
    ],
    stalls: [1_500, 5_500],
  },
  {
    name: 'each begins anew',
    looks: [
      [0, true],
      [1_000, false],
      [1_500, true],
      [2_999, true],
      [3_000, true],
    ],
    stalls: [3_000],
  },
])('$name', ({ looks, stalls }) => {
  const watch = new StallWatch();
  expect(looks.filter(([ms, isStanding]) => watch.sees(isStanding, ms)).map(([ms]) => ms)).toEqual(stalls);
});
