import { expect, it } from 'vitest';
import { captionsWithin } from './captions.ts';

const VTT = `WEBVTT

NOTE 演示

00:01.000 --> 00:04.000
一

two
00:00:04.000 --> 00:00:08.000 align:start
二

01:00:00.000 --> 01:00:02.000
三
`;
const said = (vtt: string) => vtt.match(/[一二三]/g)?.join('') ?? '';

it.each([
  { name: 'all of it', cut: null, left: '一二三' },
  { name: 'what begins with the cut', cut: [{ fromMs: 4_000, toMs: 9_000 }], left: '二' },
  { name: 'what reaches into it', cut: [{ fromMs: 3_999, toMs: 4_000 }], left: '一' },
  {
    name: 'several ranges',
    cut: [
      { fromMs: 0, toMs: 1_001 },
      { fromMs: 3_600_000, toMs: 3_700_000 },
    ],
    left: '一三',
  },
  { name: 'nothing', cut: [{ fromMs: 10_000, toMs: 20_000 }], left: '' },
])('leaves $name', ({ cut, left }) => expect(said(captionsWithin(VTT, cut))).toBe(left));

it('keeps its head and its notes', () =>
  expect(captionsWithin(VTT, [{ fromMs: 10_000, toMs: 20_000 }])).toMatch(/^WEBVTT\n\nNOTE 演示/));
