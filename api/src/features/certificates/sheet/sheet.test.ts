import { describe, expect, it } from 'vitest';
import { wordSheet } from './sheet.ts';

const facts = {
  number: 'YK-2026-7F3KM9XQ2A',
  maskedName: '王*英',
  courseTitle: '手机视频通话，三步学会',
  place: '清河区社区学院',
  seconds: 2_700,
  issuedAt: '2026-11-21T16:00:00.000Z',
  issuer: '清河区社区学院',
};
const word = (changes: Partial<typeof facts>, holderName = '王秀英') =>
  wordSheet({ facts: { ...facts, ...changes }, holderName, checkUrl: 'https://yike.example/verify/x' });

it.each([
  { name: 'the whole name where it is the one that was signed', holderName: ' 王秀英 ', holder: '王秀英' },
  { name: 'another name masked alike', holderName: '王淑英', holder: '王淑英' },
  { name: 'a changed name as it was signed', holderName: '李秀英', holder: '王*英' },
])('prints $name', ({ holderName, holder }) => expect(word({}, holderName).holder).toBe(holder));

describe('class hours', () => {
  it.each([
    {
      seconds: 2_699,
      zh: '0.99 学时（有效学习 44 分 59 秒）',
      en: '0.99 class hours (44 min 59 s of valid time)',
    },
    {
      seconds: 2_700,
      zh: '1.00 学时（有效学习 45 分 0 秒）',
      en: '1.00 class hour (45 min 0 s of valid time)',
    },
    { seconds: 0, zh: '0.00 学时（有效学习 0 分 0 秒）', en: '0.00 class hours (0 min 0 s of valid time)' },
  ])('of $seconds s are $en', ({ seconds, zh, en }) => expect(word({ seconds }).hours).toEqual({ zh, en }));
});

it('is dated by the day in Shanghai', () =>
  expect(word({}).issuedOn).toEqual({ zh: '2026年11月22日', en: '22 November 2026' }));
