import { expect, it } from 'vitest';
import { setInType } from './letters.ts';

const hasGlyph = (codePoint: number) => codePoint !== 0x20bb7;

it.each([
  { name: '王秀英', text: '王秀英', missing: [] },
  { name: '𠮷野', text: '〓野', missing: ['U+20BB7'] },
  { name: 'Zoe\u0301', text: 'Zoé', missing: [] },
])('sets $name as $text', ({ name, text, missing }) =>
  expect(setInType(name, hasGlyph)).toEqual({ text, missing }),
);
