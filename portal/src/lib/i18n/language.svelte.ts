import { createContext } from 'svelte';
import type { Locale } from '@yike/contracts/http/accounts';
import {
  formatClock,
  formatDate,
  formatDay,
  formatMoment,
  formatSecond,
  formatToday,
} from '#lib/format/moment.ts';
import { formatClassHours, formatDuration, formatExactDuration } from '#lib/format/duration.ts';
import { fill, type Dictionary, type Fill, type WordKey } from './words.ts';

/** The language of the pages: `const { t } = useLanguage()`, then `t('home.title')`. Follows a switch by itself. */
export class Language {
  #locale = $state.raw<Locale>('zh-CN');
  #words = $state.raw<Dictionary>();

  constructor(locale: Locale, words: Dictionary) {
    this.use(locale, words);
  }

  get locale(): Locale {
    return this.#locale;
  }

  use(locale: Locale, words: Dictionary): void {
    this.#locale = locale;
    this.#words = words;
  }

  /** The phrase of a key, its `{places}` filled. */
  readonly t = <Key extends WordKey>(key: Key, ...[values]: Fill<Key>): string =>
    fill(this.#words?.[key] ?? key, values);

  /** 今天 19:30 · Today 19:30 */
  readonly moment = (at: string): string => formatMoment(at, this.#locale);
  /** 11月22日星期日, which is today. */
  readonly today = (): string => formatToday(this.#locale);
  /** 今天, 11月25日周三 */
  readonly day = (at: string): string => formatDay(at, this.#locale);
  /** 2026年11月22日, for documents. */
  readonly date = (at: string): string => formatDate(at, this.#locale);
  /** 19:30 */
  readonly clock = (at: string): string => formatClock(at);
  /** 19:30:05 */
  readonly second = (at: string): string => formatSecond(at);
  /** 12 分钟, for what is announced. */
  readonly duration = (ms: number): string => formatDuration(ms, this.#locale);
  /** 23 分 10 秒, for what is accounted. */
  readonly exactly = (ms: number): string => formatExactDuration(ms, this.#locale);
  /** 0.28 学时, rounded down. */
  readonly classHours = (seconds: number, secondsPerClassHour?: number): string =>
    formatClassHours(seconds, this.#locale, secondsPerClassHour);
}

export const [useLanguage, provideLanguage] = createContext<Language>();
