import { expect, it } from 'vitest';
import { segmentNameOf } from './segment-name.ts';

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
