import { describe, expect, it } from 'vitest';
import { readDisplayName, readRealName } from './names.ts';
import { safeCell } from './safe-cell.ts';

it.each([
  { typed: ' 王秀英 ', value: '王秀英' },
  { typed: '买买提•艾力', value: '买买提·艾力' },
  { typed: '𠮷田', value: '𠮷田' },
  { typed: "Seán   O'Neil", value: "Seán O'Neil" },
  { typed: 'Zoe\u0308', value: 'Zoë' },
  { typed: '王', value: '王' },
  { typed: '王'.repeat(50), value: '王'.repeat(50) },
  { typed: '王'.repeat(51), fault: 'name-too-long' },
  { typed: ' \u3000 ', fault: 'name-empty' },
  { typed: '王\u202E英', fault: 'name-characters' },
  { typed: '王\u0000英', fault: 'name-characters' },
  { typed: '王\u200B英', fault: 'name-characters' },
  { typed: '王\n英', fault: 'name-characters' },
  { typed: '王\uE000', fault: 'name-characters' },
  { typed: '=1+1', fault: 'name-characters' },
  { typed: '@王', fault: 'name-characters' },
  { typed: '王123', fault: 'name-characters' },
  { typed: '<b>王</b>', fault: 'name-characters' },
])('a real name: $typed', ({ typed, value, fault }) =>
  expect(readRealName(typed)).toEqual(fault === undefined ? { value } : { fault }),
);

it.each([
  { typed: '  秀英 88 🌸 ', value: '秀英 88 🌸' },
  { typed: '=秀英', value: '=秀英' },
  { typed: '🌸'.repeat(20), value: '🌸'.repeat(20) },
  { typed: '🌸'.repeat(21), fault: 'name-too-long' },
  { typed: '秀\u2066英', fault: 'name-characters' },
  { typed: '', fault: 'name-empty' },
])('a name that others see: $typed', ({ typed, value, fault }) =>
  expect(readDisplayName(typed)).toEqual(fault === undefined ? { value } : { fault }),
);

describe('in a spreadsheet', () => {
  it.each(['=cmd()', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\u200B=1', '＝1'])('%j is text', (text) =>
    expect(safeCell(text)).toBe(`'${text}`),
  );
  it.each(['王秀英', '', '1+1', "'=1", 'a=b'])('%j stays', (text) => expect(safeCell(text)).toBe(text));
});
