import { type CalendarDay, readDay } from './calendar-day.ts';
import type { Reading } from './reading.ts';
import { withoutSeparators } from './typed.ts';

/** The first two digits, by GB/T 2260; 81 to 83 are the residence permits of Hong Kong, Macao and Taiwan residents. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(
    ' ',
  ),
);
const LENGTH = 18;
/** Of the cards that were valid until 2012. */
const FIRST_GENERATION = 15;
const FIRST_BIRTH: CalendarDay = '1900-01-01';
/** GB 11643-1999: weights 2^(17 - i) mod 11, and the check sign for each remainder (ISO 7064, MOD 11-2). */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_SIGNS = '10X98765432';

/** The number of a resident identity card, kept as 18 characters whose last may be a capital X. */
export function readMainlandId(typed: string, today: CalendarDay): Reading {
  const number = withoutSeparators(typed);
  if (!/^\d*X?$/.test(number)) return { fault: 'number-characters' };
  if (number.length === FIRST_GENERATION) return { fault: 'number-fifteen' };
  if (number.length !== LENGTH) return { fault: 'number-length' };
  if (!PROVINCES.has(number.slice(0, 2))) return { fault: 'number-region' };
  const birth = readDay(number.slice(6, 14));
  if (birth === null || birth < FIRST_BIRTH) return { fault: 'number-birth-date' };
  if (birth > today) return { fault: 'number-birth-in-future' };
  return number.endsWith(checkSign(number)) ? { value: number } : { fault: 'number-checksum' };
}

/** Whether 18 digits (the last may be X) could be such a number but for a slip: it has a province and a day of birth. */
export const looksLikeMainlandId = (number: string): boolean =>
  PROVINCES.has(number.slice(0, 2)) &&
  /^(?:19|20)/.test(number.slice(6)) &&
  readDay(number.slice(6, 14)) !== null;

/** @param number one that {@link readMainlandId} gave */
export const birthDateOfMainlandId = (number: string): CalendarDay | null => readDay(number.slice(6, 14));

/** 440***********1234 */
export const maskMainlandId = (number: string): string =>
  `${number.slice(0, 3)}${'*'.repeat(11)}${number.slice(-4)}`;

/** @param number its first 17 characters are digits */
export function checkSign(number: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return CHECK_SIGNS.charAt(sum % CHECK_SIGNS.length);
}
