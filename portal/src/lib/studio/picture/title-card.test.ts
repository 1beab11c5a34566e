import { expect, it } from 'vitest';
import { wrap } from './title-card.ts';

/** As if each character were one wide. */
const upTo = (width: number) => (line: string) => Array.from(line).length <= width;

it.each([
  { name: 'a short title is one line', title: '手机支付安全', width: 10, lines: ['手机支付安全'] },
  {
    name: 'Chinese breaks anywhere',
    title: '古诗词里的二十四节气',
    width: 5,
    lines: ['古诗词里的', '二十四节气'],
  },
  { name: 'words stay whole', title: 'Safe paying by phone', width: 11, lines: ['Safe paying', 'by phone'] },
  { name: 'both in one', title: '用 WeChat 交水电费', width: 10, lines: ['用 WeChat 交', '水电费'] },
  { name: 'the fourth line is cut off', title: '一二三四五六七八', width: 2, lines: ['一二', '三四', '五…'] },
  {
    name: 'a word that is too long stands alone',
    title: '看 abcdefgh 了',
    width: 4,
    lines: ['看', 'abcdefgh', '了'],
  },
  { name: 'nothing', title: '', width: 4, lines: [''] },
])('$name', ({ title, width, lines }) => expect(wrap(title, upTo(width))).toEqual(lines));
