import { expect, it } from 'vitest';
import { CODE_TRIES, judgeCode, type OneTimeCode, printCode } from './one-time-code.ts';

const fresh: OneTimeCode = {
  hash: Buffer.from('hash'),
  expiresAtMs: 300_000,
  triesLeft: CODE_TRIES,
  isUsed: false,
};
const right = () => true;
const wrong = () => false;

it.each([
  { name: 'the right digits', code: fresh, atMs: 0, isSame: right, verdict: 'right' },
  { name: 'other digits', code: fresh, atMs: 0, isSame: wrong, verdict: 'wrong' },
  { name: 'no code at all', code: null, atMs: 0, isSame: right, verdict: 'wrong' },
  { name: 'the last millisecond', code: fresh, atMs: 299_999, isSame: right, verdict: 'right' },
  { name: 'the end', code: fresh, atMs: 300_000, isSame: right, verdict: 'spent' },
  { name: 'the last try', code: { ...fresh, triesLeft: 1 }, atMs: 0, isSame: right, verdict: 'right' },
  { name: 'no try left', code: { ...fresh, triesLeft: 0 }, atMs: 0, isSame: right, verdict: 'spent' },
  { name: 'a second use', code: { ...fresh, isUsed: true }, atMs: 0, isSame: right, verdict: 'spent' },
])('$name: $verdict', ({ code, atMs, isSame, verdict }) => {
  expect(judgeCode(code, atMs, isSame)).toBe(verdict);
});

it('never compares the digits of a spent code', () => {
  const compared = () => {
    throw new Error('compared');
  };
  expect(judgeCode({ ...fresh, isUsed: true }, 0, compared)).toBe('spent');
});

it.each([
  [0, '000000'],
  [42, '000042'],
  [999_999, '999999'],
])('prints %i as six digits', (value, text) => expect(printCode(value)).toBe(text));
