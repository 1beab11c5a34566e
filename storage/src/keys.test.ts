import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidKey } from './errors.ts';
import {
  assertKey,
  assetPlace,
  captionKey,
  initKey,
  manifestKey,
  mediaPrefix,
  parseCaptionKey,
  parseManifestKey,
  parseSegmentKey,
  posterKey,
  recordingPlace,
  segmentKey,
} from './keys.ts';

const id = '0199c0de-0000-7000-8000-000000000001';

describe('keys', () => {
  it('are where the drawing says', () => {
    const place = recordingPlace(id, 3001);
    expect(manifestKey(place)).toBe(`recordings/${id}/3001/manifest.json`);
    expect(initKey(place, 'audio')).toBe(`recordings/${id}/3001/audio/init.mp4`);
    expect(segmentKey({ ...place, track: 'video', seq: 7 })).toBe(`recordings/${id}/3001/video/000007.m4s`);
    expect(segmentKey({ ...assetPlace(id), track: 'video', seq: 1_234_567 })).toBe(
      `assets/${id}/0/video/1234567.m4s`,
    );
    expect(mediaPrefix('assets', id)).toBe(`assets/${id}/`);
    expect(posterKey(id, 'a1b2', 'webp')).toBe(`posters/${id}/a1b2.webp`);
    expect(captionKey(id, 'zh-CN', 'a1b2')).toBe(`captions/${id}/zh-CN-a1b2.vtt`);
  });

  it('are read back as they were built', () => {
    const place = fc.record({
      collection: fc.constantFrom('recordings' as const, 'assets' as const),
      id: fc.uuid(),
      epoch: fc.nat(),
      track: fc.constantFrom('video' as const, 'audio' as const),
      seq: fc.nat(),
    });
    fc.assert(
      fc.property(place, (segment) => {
        const { track, seq, ...epochPlace } = segment;
        expect(parseSegmentKey(segmentKey({ ...epochPlace, track, seq }))).toEqual(segment);
        expect(parseManifestKey(manifestKey(epochPlace))).toEqual(epochPlace);
      }),
    );
  });

  it.each(['zh-CN', 'en'])('of captions are read back: %s', (language) => {
    const named = { id, language, version: 'a1b2c3' };
    expect(parseCaptionKey(captionKey(id, language, named.version))).toEqual(named);
  });

  it.each([
    `captions/${id}/en.vtt`,
    `captions/${id}/en-a1b2.srt`,
    `captions/${id}/more/en-a1b2.vtt`,
    'captions/',
  ])('no captions are read from %s', (key) => expect(parseCaptionKey(key)).toBeUndefined());

  it.each(['', 'a/b', '..', 'x y', '讲'])('refuse the id %j', (wrong) => {
    expect(() => manifestKey(recordingPlace(wrong, 1))).toThrow(InvalidKey);
  });

  it.each([-1, 1.5, NaN, 2 ** 53])('refuse the sequence number %d', (seq) => {
    expect(() => segmentKey({ ...recordingPlace(id, 1), track: 'video', seq })).toThrow(InvalidKey);
  });

  it.each([
    'recordings/x/1/video/00001.m4s',
    'recordings/x/1/text/000001.m4s',
    'other/x/1/video/000001.m4s',
    'x',
  ])('reads nothing from %s', (key) => expect(parseSegmentKey(key)).toBeUndefined());
});

describe('assertKey', () => {
  it.each(['a', '讲座/一课.mp4', 'a b', '...', 'x'.repeat(1024)])('takes %j', (key) => {
    expect(() => assertKey(key)).not.toThrow();
  });

  it.each(['', '/a', 'a/', 'a//b', '.', 'a/..', 'a\0', 'a\u007f', '\udc00', '课'.repeat(342)])(
    'refuses %j',
    (key) => {
      expect(() => assertKey(key)).toThrow(InvalidKey);
    },
  );
});
