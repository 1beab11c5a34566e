import { describe, expect, it } from 'vitest';
import { passwordIn, resolveFiles, weaknessOf, withPassword } from './environment.ts';

describe('settings from files', () => {
  const read = (file: string): string => {
    if (file === '/gone') throw new Error('no such file');
    return `content of ${file}\n`;
  };
  it.each([
    { given: { A: '1' }, read: { A: '1' } },
    { given: { A: '' }, read: {} },
    { given: { A: undefined }, read: {} },
    { given: { A_FILE: '/a' }, read: { A: 'content of /a', A_FILE: '/a' } },
    { given: { A: '', A_FILE: '/a' }, read: { A: 'content of /a', A_FILE: '/a' } },
    { given: { A_FILE: '' }, read: {} },
    { given: { OTHER_FILE: '/a' }, read: { OTHER_FILE: '/a' } },
  ])('$given', ({ given, read: expected }) => {
    expect(resolveFiles(['A'], given, read)).toEqual(expected);
  });

  it('takes only the last line break away', () => {
    expect(resolveFiles(['A'], { A_FILE: 'f' }, () => ' a\n\r\n').A).toBe(' a\n');
  });

  it.each([
    { given: { A: '1', A_FILE: '/a' }, reason: 'A and A_FILE are both set' },
    { given: { A_FILE: '/gone' }, reason: 'no such file' },
  ])('refuses $given', ({ given, reason }) => {
    expect(() => resolveFiles(['A'], given, read)).toThrow(reason);
  });
});

it.each([
  { secret: '', weakness: 'has 0 characters, 16 are needed' },
  { secret: 'c4f1d0a96b7e853', weakness: 'has 15 characters, 16 are needed' },
  { secret: 'c4f1d0a96b7e8532', weakness: null },
  { secret: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', weakness: 'repeats itself' },
  { secret: 'Please-Change-Me-123', weakness: 'contains "change", as examples do' },
  { secret: 'minioadminminioadmin', weakness: 'contains "minioadmin", as examples do' },
])('"$secret": $weakness', ({ secret, weakness }) => {
  expect(weaknessOf(secret, 16)).toBe(weakness);
});

it.each([
  { url: 'postgresql://app@db:5432/yike', password: 'a/b c', to: 'postgresql://app:a%2Fb%20c@db:5432/yike' },
  { url: 'postgresql://app:old@db/yike', password: undefined, to: 'postgresql://app:old@db/yike' },
  { url: 'redis://cache:6379', password: 'x', to: 'redis://:x@cache:6379' },
])('$url with $password', ({ url, password, to }) => {
  expect(withPassword(url, password)).toBe(to);
  expect(passwordIn(to)).toBe(password ?? 'old');
});
