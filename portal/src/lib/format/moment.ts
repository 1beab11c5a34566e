import type { Locale } from '@yike/contracts/http/accounts';

/** Days begin at midnight in Shanghai, wherever the reader is. */
const TIME_ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;

const dayKey = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE });
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: TIME_ZONE, hour: '2-digit', minute: '2-digit' });
const second = new Intl.DateTimeFormat('en-GB', { timeZone: TIME_ZONE, timeStyle: 'medium' });
const hourOfDay = new Intl.DateTimeFormat('en-GB', { timeZone: TIME_ZONE, hour: '2-digit' });

const near: Record<Locale, readonly [yesterday: string, today: string, tomorrow: string]> = {
  'zh-CN': ['昨天', '今天', '明天'],
  en: ['Yesterday', 'Today', 'Tomorrow'],
};

/** Whole days of the calendar from `now` to `at`; negative in the past. */
function daysAhead(at: Date, now: Date): number {
  const midnight = (date: Date) => Date.parse(dayKey.format(date));
  return Math.round((midnight(at) - midnight(now)) / DAY_MS);
}

/** 今天, 明天, 11月22日 周日, and with its year where that is another one. */
export function formatDay(instant: string, locale: Locale, now = new Date()): string {
  const at = new Date(instant);
  const ahead = daysAhead(at, now);
  const word = near[locale][ahead + 1];
  if (word !== undefined) return word;
  const isOtherYear = dayKey.format(at).slice(0, 4) !== dayKey.format(now).slice(0, 4);
  const spelled = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    timeZone: TIME_ZONE,
    month: locale === 'en' ? 'short' : 'long',
    day: 'numeric',
    ...(isOtherYear ? { year: 'numeric' } : { weekday: 'short' }),
  }).format(at);
  // Server and browser may have different editions of the calendar's words, which differ by this comma.
  return spelled.replace(',', '');
}

/** 11月22日星期日 */
export function formatToday(locale: Locale, now = new Date()): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    timeZone: TIME_ZONE,
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  }).format(now);
}

/** 2026年11月22日, whatever today is. */
export function formatDate(instant: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    timeZone: TIME_ZONE,
    dateStyle: 'long',
  }).format(new Date(instant));
}

/** 19:30 */
export function formatClock(instant: string): string {
  return clock.format(new Date(instant));
}

/** 19:30:05 */
export function formatSecond(instant: string): string {
  return second.format(new Date(instant));
}

/** 今天 19:30 */
export function formatMoment(instant: string, locale: Locale, now = new Date()): string {
  return `${formatDay(instant, locale, now)} ${formatClock(instant)}`;
}

/** Which greeting the hour asks for. */
export function partOfDay(now: Date): 'morning' | 'afternoon' | 'evening' {
  const hour = Number(hourOfDay.format(now));
  if (hour >= 5 && hour < 12) return 'morning';
  return hour >= 12 && hour < 18 ? 'afternoon' : 'evening';
}
