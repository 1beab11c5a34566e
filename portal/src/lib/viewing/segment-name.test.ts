import { expect, it } from 'vitest';
import { mediaNameOf, segmentNameOf } from './segment-name.ts';

it.each([
  { url: '/playback/tok_en-1/s/1000/video/7.m4s', name: '1000/video/7' },
  { url: 'http://localhost:8080/playback/t/s/1/audio/0.m4s', name: '1/audio/0' },
  { url: 's/2001/audio/000042.m4s', name: '2001/audio/42' },
  { url: '/playback/t/s/1/video/3.m4s?range=1#x', name: '1/video/3' },
  { url: '/playback/t/s/1/video/init.mp4', name: undefined },
  { url: '/playback/t/video.m3u8', name: undefined },
  { url: '/playback/t/s/1/text/3.m4s', name: undefined },
  { url: '/playback/t/s/12345678/video/3.m4s', name: undefined },
  { url: '', name: undefined },
])('$url is $name', ({ url, name }) => expect(segmentNameOf(url)).toBe(name));

const live = '/media/local/hls/01a203bf-9384-72ef-9e36-c2308df3f1ec/kEy_-1';
it.each([
  { url: `${live}/3000/video/12.m4s`, media: { segment: '3000/video/12', part: null } },
  { url: `https://n2.example${live}/0/audio/12.0.m4s`, media: { segment: '0/audio/12', part: 0 } },
  { url: `${live}/0/audio/12.11.m4s?ticket=a.b.c`, media: { segment: '0/audio/12', part: 11 } },
  { url: `${live}/0/audio/init.mp4`, media: undefined },
  { url: `${live}/0/audio/12.x.m4s`, media: undefined },
  { url: '/media/local/hls/one/0/audio/12.m4s', media: undefined },
])('$url holds $media', ({ url, media }) => {
  expect(mediaNameOf(url)).toEqual(media);
  expect(segmentNameOf(url)).toBe(media?.part === null ? media.segment : undefined);
});
