const OF_AGE = 18;

/**
 * Whether the number says that its bearer is under 18: only to ask for a guardian at once; the API decides. False for a number that is none.
 * @param number as typed; digits 7 to 14 are the day of birth
 */
export function isNumberOfMinor(number: string, nowMs: number): boolean {
  const [, year, month, day] =
    /^\d{6}(\d{4})(\d{2})(\d{2})/.exec(number.normalize('NFKC').replaceAll(/[\s-]/g, '')) ?? [];
  if (year === undefined) return false;
  const ofAgeAt = new Date(Number(year) + OF_AGE, Number(month) - 1, Number(day));
  return ofAgeAt.getTime() > nowMs;
}
