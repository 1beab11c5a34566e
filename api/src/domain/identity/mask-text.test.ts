import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSign } from './mainland-id.ts';
import { maskText } from './mask-text.ts';

it.each([
  { text: '我的电话13812345678，加我', masked: '我的电话138****5678，加我' },
  { text: 'tel:138 1234 5678', masked: 'tel:138 **** 5678' },
  { text: '138-1234-5678', masked: '138-****-5678' },
  { text: '1 3 8 1 2 3 4 5 6 7 8', masked: '1 3 8 * * * * 5 6 7 8' },
  { text: '１３８１２３４５６７８', masked: '１３８****５６７８' },
  { text: '①③⑧①②③④⑤⑥⑦⑧', masked: '①③⑧****⑤⑥⑦⑧' },
  { text: '𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖', masked: '𝟏𝟑𝟖****𝟓𝟔𝟕𝟖' },
  { text: '+86 13812345678', masked: '+86 138****5678' },
  { text: '008613812345678', masked: '0086138****5678' },
  { text: '013812345678', masked: '0138****5678' },
  { text: '138\u200B12345678', masked: '138\u200B****5678' },
  { text: '13812345678 13912345678', masked: '138****5678 139****5678' },
  { text: '2 13812345678', masked: '2 138****5678' },
  { text: '身份证11010519491231002X', masked: '身份证110***********002X' },
  { text: '11010519491231002x!', masked: '110***********002x!' },
  { text: '110105 19491231 002X', masked: '110*** ******** 002X' },
  { text: '１１０１０５１９４９１２３１００２Ｘ', masked: '１１０***********００２Ｘ' },
  { text: 'a slip: 110105194912310021', masked: 'a slip: 110***********0021' },
  { text: '{"phone":"13812345678"}', masked: '{"phone":"138****5678"}' },
])('$text', ({ text, masked }) => expect(maskText(text)).toBe(masked));

describe('leaves alone', () => {
  it.each([
    '2026-11-22 18:02:56',
    '2026-11-22T18:02:56.123456789Z',
    '1763800000001',
    '12345678901',
    '013812345678901',
    '99010519491231002X',
    '110105194913310021',
    '12,345,678,901 people',
    '019a8f3c-1381-7234-8567-813812345678',
    'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    '½½½½½½½½½½½',
    '',
  ])('%s', (text) => expect(maskText(text)).toBe(text));
});

const between = fc.constantFrom('', ' ', '-', '·', ' - ');
const phone = fc
  .tuple(fc.constantFrom('13', '15', '18', '19'), fc.stringMatching(/^\d{9}$/))
  .map((parts) => parts.join(''));
const id = fc
  .tuple(
    fc.constantFrom('110105', '440305'),
    fc.constantFrom('19491231', '20000229'),
    fc.stringMatching(/^\d{3}$/),
  )
  .map((parts) => parts.join(''))
  .map((digits) => digits + checkSign(digits));

it('no phone or number comes through, whatever stands around and between', () => {
  const words = fc.stringMatching(/^[ a-wyz王，。！]{0,8}$/);
  fc.assert(
    fc.property(
      fc.oneof(phone, id),
      fc.array(between, { maxLength: 3 }),
      words,
      words,
      (number, marks, before, after) => {
        const spaced = Array.from(number, (digit, at) => digit + (marks[at % 5] ?? '')).join('');
        const masked = maskText(`${before}${spaced}${after}`);
        expect(masked.replaceAll(/[^\dX]/g, '')).toHaveLength(7);
        expect(maskText(masked)).toBe(masked);
      },
    ),
  );
});

it('is quick on long texts of digits', () => {
  const began = performance.now();
  maskText('1 '.repeat(50_000));
  maskText('1'.repeat(100_000));
  expect(performance.now() - began).toBeLessThan(1_000);
});
