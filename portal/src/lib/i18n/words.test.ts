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

describe('filling a phrase', () => {
  it('puts values in their places', () =>
    expect(fill('{who} 看了 {n} 分钟', { who: '李奶奶', n: 5 })).toBe('李奶奶 看了 5 分钟'));
  it('leaves a place that nothing was given for', () => expect(fill('{who}')).toBe('{who}'));
});
