import { describe, expect, it } from 'vitest';
import { captionsAddress, readCues, textAt } from './captions.ts';

describe('reading WebVTT', () => {
  it.each([
    { name: 'an empty file', vtt: 'WEBVTT\n', cues: [] },
    {
      name: 'a cue with name and settings',
      vtt: 'WEBVTT\n\nNOTE x\n\none\n00:01.000 --> 00:04.500 line:90%\n您好\n早\n',
      cues: [{ fromMs: 1_000, toMs: 4_500, text: '您好\n早' }],
    },
    {
      name: 'hours, a carriage return and tags',
      vtt: 'WEBVTT\r\n\r\n01:00:00.000 --> 01:00:01.000\r\n<v 王老师>A &amp; <i>B</i> &lt;3\r\n',
      cues: [{ fromMs: 3_600_000, toMs: 3_601_000, text: 'A & B <3' }],
    },
    {
      name: 'cues in no order',
      vtt: 'WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na',
      cues: [
        { fromMs: 1_000, toMs: 2_000, text: 'a' },
        { fromMs: 5_000, toMs: 6_000, text: 'b' },
      ],
    },
    { name: 'a cue that ends before it begins', vtt: 'WEBVTT\n\n00:05.000 --> 00:05.000\nx', cues: [] },
    { name: 'something else', vtt: '<html>', cues: [] },
  ])('of $name', ({ vtt, cues }) => expect(readCues(vtt)).toEqual(cues));
});

it('lie beside the playlist', () =>
  expect(captionsAddress('/playback/abc/index.m3u8', 'zh-CN')).toBe('/playback/abc/c/zh-CN.vtt'));

it.each([
  { atMs: 999, text: '' },
  { atMs: 1_000, text: 'a' },
  { atMs: 1_500, text: 'a\nb' },
  { atMs: 2_000, text: 'b' },
  { atMs: 3_000, text: '' },
])('at $atMs ms is said $text', ({ atMs, text }) => {
  const cues = [
    { fromMs: 1_000, toMs: 2_000, text: 'a' },
    { fromMs: 1_500, toMs: 3_000, text: 'b' },
  ];
  expect(textAt(cues, atMs)).toBe(text);
});
