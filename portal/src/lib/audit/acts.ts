import type { Language } from '#lib/i18n/language.svelte.ts';

type ActKey = Extract<Parameters<Language['t']>[0], `act.${string}`>;

/** What an act is called; one that this page does not know yet keeps the policy's own name. */
export function actWord(t: Language['t'], action: string): string {
  const key = `act.${action}`;
  const word = t(key as ActKey); // A key without a word comes back as it is.
  return word === key ? action : word;
}
