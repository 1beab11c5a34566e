const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** A day of the calendar as `2026-11-22`: such texts compare as the days do. */
export type CalendarDay = string;

/** The Shanghai day of a moment. @param atMs ms since 1970 */
export const dayOf = (atMs: number): CalendarDay =>
  new Date(atMs + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);

/** The day that eight digits (`19491001`) name; null where the calendar has none. */
export function readDay(digits: string): CalendarDay | null {
  const [, year = '', month = '', day = ''] = /^(\d{4})(\d{2})(\d{2})$/.exec(digits) ?? [];
  const text = `${year}-${month}-${day}`;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}

/** Whole years of life: the birthday itself completes one; who was born on 29 February has it on 1 March in a common year. */
export function ageOn(today: CalendarDay, birth: CalendarDay): number {
  const years = Number(today.slice(0, 4)) - Number(birth.slice(0, 4));
  return today.slice(5) < birth.slice(5) ? years - 1 : years;
}
