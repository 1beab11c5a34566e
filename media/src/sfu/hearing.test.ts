import { expect, it } from 'vitest';
import { isQuiet, isSilent, lookAgain, NOT_YET_HEARD } from './hearing.ts';

const times = (count: number, packets: number): number[] => Array.from({ length: count }, () => packets);

it.each([
  { name: 'nothing was looked at', looks: [], quiet: false, silent: false },
  { name: 'nothing has come yet', looks: times(20, 0), quiet: false, silent: false },
  { name: 'packets come', looks: [5, 9, 14], quiet: false, silent: false },
  { name: 'two looks without any', looks: times(3, 5), quiet: false, silent: false },
  { name: 'three looks without any', looks: times(4, 5), quiet: true, silent: false },
  { name: 'seven looks without any', looks: times(8, 5), quiet: true, silent: false },
  { name: 'eight looks without any', looks: times(9, 5), quiet: true, silent: true },
  { name: 'packets come again', looks: [...times(9, 5), 6], quiet: false, silent: false },
  { name: 'another counts from the beginning', looks: [...times(9, 5), 2], quiet: false, silent: false },
])('$name', ({ looks, quiet, silent }) => {
  const hearing = looks.reduce(lookAgain, NOT_YET_HEARD);
  expect({ quiet: isQuiet(hearing), silent: isSilent(hearing) }).toEqual({ quiet, silent });
});
