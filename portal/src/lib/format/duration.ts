import type { Locale } from '@yike/contracts/http/accounts';

/** A class hour (学时) is 45 minutes of valid time. */
export const SECONDS_PER_CLASS_HOUR = 2700;

const units = {
  'zh-CN': { h: ' 小时', min: ' 分钟', m: ' 分', s: ' 秒', classHour: ' 学时', classHours: ' 学时' },
  en: { h: ' h', min: ' min', m: ' min', s: ' s', classHour: ' class hour', classHours: ' class hours' },
} as const satisfies Record<Locale, Record<string, string>>;

/** A length as one announces it: 12 分钟, 1 小时 30 分钟. At least one minute, rounded to the nearest. */
export function formatDuration(ms: number, locale: Locale): string {
  const { h, min } = units[locale];
  const minutes = Math.max(1, Math.round(ms / 60_000));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest}${min}`;
  return rest === 0 ? `${hours}${h}` : `${hours}${h} ${rest}${min}`;
}

/** A length as one accounts for it, to the second below: 23 分 10 秒, 1 分, 0 秒. */
export function formatExactDuration(ms: number, locale: Locale): string {
  const { h, m, s } = units[locale];
  const seconds = Math.floor(ms / 1000);
  const parts = [
    { value: Math.floor(seconds / 3600), unit: h },
    { value: Math.floor(seconds / 60) % 60, unit: m },
    { value: seconds % 60, unit: s },
  ].filter(({ value }) => value > 0);
  return parts.length === 0 ? `0${s}` : parts.map(({ value, unit }) => `${value}${unit}`).join(' ');
}

/** Class hours to 0.01, rounded down, as the policy wants: 2,699 s are 0.99 学时. */
export function classHours(seconds: number, secondsPerClassHour = SECONDS_PER_CLASS_HOUR): string {
  return (Math.floor((seconds * 100) / secondsPerClassHour) / 100).toFixed(2);
}

export function formatClassHours(
  seconds: number,
  locale: Locale,
  secondsPerClassHour = SECONDS_PER_CLASS_HOUR,
): string {
  const amount = classHours(seconds, secondsPerClassHour);
  return `${amount}${amount === '1.00' ? units[locale].classHour : units[locale].classHours}`;
}

/** Credits are kept in thousandths: 1500 are 1.5. */
export function formatCredits(milliCredits: number): string {
  return (milliCredits / 1000).toFixed(3).replace(/\.?0+$/, '');
}

/** A place in a film: 4:05, 1:02:03. */
export function formatPosition(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h === 0 ? `${m}:${two(s)}` : `${h}:${two(m)}:${two(s)}`;
}

/** ISO 8601 duration of whole minutes, for `<time datetime>`. */
export function isoDuration(ms: number): string {
  return `PT${Math.max(1, Math.round(ms / 60_000))}M`;
}
