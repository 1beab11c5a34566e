import type { Locale } from '@yike/contracts/http/accounts';
import type { words as zhCn } from './zh-cn/words.ts';

/** Every phrase by its key. Chinese is written first, so it says which keys there are; `{name}` is a place to fill. */
export type Words = typeof zhCn;
export type WordKey = keyof Words;
/** The same keys in another language. */
export type Dictionary = Readonly<Record<WordKey, string>>;

type Blank<Phrase extends string> = Phrase extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Blank<Rest>
  : never;
/** What a phrase must be given: nothing, or a value for each `{name}` in it. */
export type Fill<Key extends WordKey> = [Blank<Words[Key]>] extends [never]
  ? []
  : [values: Record<Blank<Words[Key]>, string | number>];

/** Only the language that is shown is fetched. */
export async function loadWords(locale: Locale): Promise<Dictionary> {
  return locale === 'en' ? (await import('./en/words.ts')).words : (await import('./zh-cn/words.ts')).words;
}

/** Puts values in the `{places}` of a phrase. */
export function fill(phrase: string, values: Readonly<Record<string, string | number>> = {}): string {
  return phrase.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
