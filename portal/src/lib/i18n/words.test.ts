import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { words as en } from './en/words.ts';
import { fill } from './words.ts';
import { words as zhCn } from './zh-cn/words.ts';

const source = join(import.meta.dirname, '..', '..');
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(svelte|ts)$/.test(path) && !/\.test\.ts$|lib[\\/]i18n[\\/](en|zh-cn)[\\/]/.test(path))
  .map((path) => readFileSync(join(source, path), 'utf8'))
  .join('\n');
/** `t(`topic.${topic}`)` uses every key that begins so. */
const builtPrefixes = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map(([, prefix]) => prefix ?? '');
const blanks = (phrase: string) => [...phrase.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();

describe('the words', () => {
  it('are there in both languages', () => expect(Object.keys(en).sort()).toEqual(Object.keys(zhCn).sort()));

  it('leave the same places to fill in both languages', () => {
    for (const [key, phrase] of Object.entries(zhCn)) {
      expect({ key, blanks: blanks(en[key as keyof typeof zhCn]) }).toEqual({ key, blanks: blanks(phrase) });
    }
  });

  it('are none too many', () => {
    const isUsed = (key: string) =>
      code.includes(`'${key}'`) || builtPrefixes.some((prefix) => key.startsWith(prefix));
    expect(Object.keys(zhCn).filter((key) => !isUsed(key))).toEqual([]);
  });
});

describe('each language is whole', () => {
  /** What is written in both alike: an address, the shape of a number, names of browsers. */
  const ALIKE = /\bhttps\b|YK-2026-X+|Chrome|Edge|Safari|Firefox|\{\w+\}/g;
  const OWN_NAMES = ['frame.otherLanguage'];
  const foreign = (words: object, script: RegExp) =>
    Object.entries(words as Record<string, string>)
      .filter(([key, phrase]) => !OWN_NAMES.includes(key) && script.test(phrase.replaceAll(ALIKE, '')))
      .map(([key]) => key);

  it('no Chinese in English', () => expect(foreign(en, /[\p{Script=Han}，。：；？！「」（）]/u)).toEqual([]));
  it('no English in Chinese', () => expect(foreign(zhCn, /[A-Za-z]{2,}/)).toEqual([]));
  it('no Chinese punctuation is missing between Chinese words', () =>
    expect(foreign(zhCn, /\p{Script=Han}[,;!?]/u)).toEqual([]));
});

describe('a page', () => {
  const templates = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.svelte'))
    .map((path): [path: string, template: string] => [
      path,
      templateOf(readFileSync(join(source, path), 'utf8')),
    ]);

  it.each(templates)('%s takes all its words from the dictionaries', (_, template) => {
    const text = [...template.matchAll(/>([^<>]*)</g)].map(([, between = '']) => between);
    const labels = [...template.matchAll(/(?:aria-label|alt|title|placeholder)="([^"]*)"/g)];
    const written = [...text, ...labels.map(([, label = '']) => label)];
    expect(written.filter((words) => /[A-Za-z]{2,}|\p{Script=Han}/u.test(words))).toEqual([]);
  });
});

/** What of a component is markup, without what it computes. */
function templateOf(component: string): string {
  let markup = component.replaceAll(/<(script|style)[\s\S]*?<\/\1>|<!--[\s\S]*?-->/g, '');
  for (let before = ''; before !== markup;) {
    before = markup;
    markup = markup.replaceAll(/\{[^{}]*\}/g, '');
  }
  return markup;
}

describe('filling a phrase', () => {
  it('puts values in their places', () =>
    expect(fill('{who} 看了 {n} 分钟', { who: '李奶奶', n: 5 })).toBe('李奶奶 看了 5 分钟'));
  it('leaves a place that nothing was given for', () => expect(fill('{who}')).toBe('{who}'));
});
