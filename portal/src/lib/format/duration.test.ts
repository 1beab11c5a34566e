import { describe, expect, it } from 'vitest';
import {
  classHours,
  formatClassHours,
  formatCredits,
  formatDuration,
  formatExactDuration,
  formatPosition,
} from './duration.ts';

describe('a length as one announces it', () => {
  it.each([
    { ms: 0, zh: '1 分钟', en: '1 min' },
    { ms: 89_999, zh: '1 分钟', en: '1 min' },
    { ms: 720_000, zh: '12 分钟', en: '12 min' },
    { ms: 3_600_000, zh: '1 小时', en: '1 h' },
    { ms: 5_400_000, zh: '1 小时 30 分钟', en: '1 h 30 min' },
  ])('$ms ms: $zh', ({ ms, zh, en }) => {
    expect(formatDuration(ms, 'zh-CN')).toBe(zh);
    expect(formatDuration(ms, 'en')).toBe(en);
  });
});

describe('a length as one accounts for it', () => {
  it.each([
    { ms: 0, zh: '0 秒', en: '0 s' },
    { ms: 999, zh: '0 秒', en: '0 s' },
    { ms: 60_000, zh: '1 分', en: '1 min' },
    { ms: 1_390_999, zh: '23 分 10 秒', en: '23 min 10 s' },
    { ms: 3_601_000, zh: '1 小时 1 秒', en: '1 h 1 s' },
  ])('$ms ms: $zh', ({ ms, zh, en }) => {
    expect(formatExactDuration(ms, 'zh-CN')).toBe(zh);
    expect(formatExactDuration(ms, 'en')).toBe(en);
  });
});

describe('class hours', () => {
  it.each([
    { seconds: 0, hours: '0.00' },
    { seconds: 26, hours: '0.00' },
    { seconds: 27, hours: '0.01' },
    { seconds: 2699, hours: '0.99' },
    { seconds: 2700, hours: '1.00' },
    { seconds: 4050, hours: '1.50' },
  ])('$seconds s are $hours', ({ seconds, hours }) => expect(classHours(seconds)).toBe(hours));

  it('has one English word for exactly one', () => {
    expect(formatClassHours(2700, 'en')).toBe('1.00 class hour');
    expect(formatClassHours(27, 'en')).toBe('0.01 class hours');
    expect(formatClassHours(2700, 'zh-CN')).toBe('1.00 学时');
  });
});

it.each([
  { milliCredits: 0, credits: '0' },
  { milliCredits: 10, credits: '0.01' },
  { milliCredits: 1500, credits: '1.5' },
  { milliCredits: 20_000, credits: '20' },
])('$milliCredits thousandths are $credits credits', ({ milliCredits, credits }) =>
  expect(formatCredits(milliCredits)).toBe(credits),
);

it.each([
  { ms: 0, place: '0:00' },
  { ms: 245_999, place: '4:05' },
  { ms: 3_723_000, place: '1:02:03' },
])('$ms ms into a film is $place', ({ ms, place }) => expect(formatPosition(ms)).toBe(place));
