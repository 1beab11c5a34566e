import { describe, expect, it } from 'vitest';
import { formatDay, formatMoment, partOfDay } from './moment.ts';

/** Sunday, 22 November 2026, 10:00 in Shanghai. */
const now = new Date('2026-11-22T02:00:00.000Z');

describe('a moment, told by the Shanghai calendar', () => {
  it.each([
    { at: '2026-11-22T11:30:00.000Z', zh: '今天 19:30', en: 'Today 19:30' },
    { at: '2026-11-22T16:00:00.000Z', zh: '明天 00:00', en: 'Tomorrow 00:00' },
    { at: '2026-11-21T15:59:00.000Z', zh: '昨天 23:59', en: 'Yesterday 23:59' },
    { at: '2026-11-25T11:30:00.000Z', zh: '11月25日周三 19:30', en: 'Wed 25 Nov 19:30' },
    { at: '2027-01-02T01:05:00.000Z', zh: '2027年1月2日 09:05', en: '2 Jan 2027 09:05' },
  ])('$zh', ({ at, zh, en }) => {
    expect(formatMoment(at, 'zh-CN', now)).toBe(zh);
    expect(formatMoment(at, 'en', now)).toBe(en);
  });
});

it('names the day alone', () => expect(formatDay('2026-11-23T04:00:00.000Z', 'zh-CN', now)).toBe('明天'));

it.each([
  { at: '2026-11-21T20:59:00.000Z', part: 'evening' },
  { at: '2026-11-21T21:00:00.000Z', part: 'morning' },
  { at: '2026-11-22T04:00:00.000Z', part: 'afternoon' },
  { at: '2026-11-22T10:00:00.000Z', part: 'evening' },
  { at: '2026-11-21T16:30:00.000Z', part: 'evening' },
])('$at is $part in Shanghai', ({ at, part }) => expect(partOfDay(new Date(at))).toBe(part));
