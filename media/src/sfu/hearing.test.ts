import { expect, it } from 'vitest';
import { isSilent, lookAgain, NOT_YET_HEARD } from './hearing.ts';

it.each([
  { name: 'nothing was looked at', looks: [], silent: false },
  { name: 'nothing has come yet', looks: [0, 0, 0, 0, 0], silent: false },
  { name: 'packets come', looks: [5, 9, 14], silent: false },
  { name: 'two looks without any', looks: [5, 5, 5], silent: false },
  { name: 'three looks without any', looks: [5, 5, 5, 5], silent: true },
  { name: 'packets come again', looks: [5, 5, 5, 5, 6], silent: false },
  { name: 'another producer counts from the beginning', looks: [5, 5, 5, 5, 2], silent: false },
])('$name', ({ looks, silent }) => {
  expect(isSilent(looks.reduce(lookAgain, NOT_YET_HEARD))).toBe(silent);
});
