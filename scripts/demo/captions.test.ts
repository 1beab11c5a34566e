import { expect, it } from 'vitest';
import { writeCaptions } from './captions.ts';

const slide = (seconds: number, ...says: [string, string][]) => ({ heading: '', lines: [], seconds, says });

it('shares a slide’s time among its sentences, and leaves a gap where the recording has one', () => {
  const runs = [
    { startMs: 0, slides: [slide(8, ['一', 'one'], ['二', 'two']), slide(4, ['三', 'three'])] },
    { startMs: 3_600_000, slides: [slide(4, ['四', 'four'])] },
  ];
  expect(writeCaptions(runs, 'en')).toBe(`WEBVTT

00:00:00.000 --> 00:00:03.600
one

00:00:04.000 --> 00:00:07.600
two

00:00:08.000 --> 00:00:11.600
three

01:00:00.000 --> 01:00:03.600
four
`);
  expect(writeCaptions(runs, 'zh-CN')).toContain('\n四\n');
});
