import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIO_SEGMENTS, Segmenter, VIDEO_SEGMENTS, type Fragment, type Part } from './segmenter.ts';

const VIDEO = { ...VIDEO_SEGMENTS, timescale: 90_000 };
const AUDIO = { ...AUDIO_SEGMENTS, timescale: 48_000 };

/** Fragments one after another, of so many ms (negative: one that begins with a key frame), at 90 kHz. */
function fragments(...lengths: readonly number[]): Fragment[] {
  let startTicks = 0;
  return lengths.map((length, index) => {
    const durationTicks = Math.abs(length) * 90;
    const fragment = { startTicks, durationTicks, isKey: length < 0, bytes: Uint8Array.of(index) };
    startTicks += durationTicks;
    return fragment;
  });
}

function partsOf(segmenter: Segmenter, given: readonly Fragment[]): Part[] {
  return [...given.flatMap((fragment) => segmenter.push(fragment)), ...segmenter.flush()];
}

const openings = (parts: readonly Part[]): number[] =>
  parts.filter(({ opensSegment }) => opensSegment).map(({ startMs }) => startMs);

describe('segments of video', () => {
  it.each([
    { name: 'a key frame every 2 s', lengths: [-1_000, 1_000, -1_000, 1_000, -1_000, 1_000], at: [0, 4_000] },
    { name: 'a key frame at 3,199 ms', lengths: [-3_199, -1_000, 500], at: [0] },
    { name: 'a key frame at 3,200 ms', lengths: [-3_200, -1_000, 500], at: [0, 3_200] },
    { name: 'no key frame for 9,000 ms', lengths: [-3_000, 3_000, 3_000], at: [0] },
    { name: 'no key frame for 9,001 ms', lengths: [-3_000, 3_000, 3_001, 500], at: [0, 6_000] },
    { name: 'no key frame at all', lengths: [3_000, 3_000, 3_000, 3_000], at: [0, 9_000] },
  ])('$name: open at $at', ({ lengths, at }) => {
    const parts = partsOf(new Segmenter(VIDEO), fragments(...lengths));
    expect(openings(parts)).toEqual(at);
  });

  it('are independent where they begin with a key frame', () => {
    const parts = partsOf(new Segmenter(VIDEO), fragments(-3_000, 3_000, 3_001));
    expect(parts.map(({ independent }) => independent)).toEqual([true, false, false]);
  });
});

describe('slivers', () => {
  it.each([
    {
      name: 'one of 99 ms joins the next',
      lengths: [-1_000, 99, 300],
      parts: [
        [0, 1_000],
        [1_000, 1_399],
      ],
    },
    {
      name: 'one of 100 ms stands alone',
      lengths: [-1_000, 100, 300],
      parts: [
        [0, 1_000],
        [1_000, 1_100],
        [1_100, 1_400],
      ],
    },
    {
      name: 'one before a key frame stands alone',
      lengths: [-1_000, 33, -300],
      parts: [
        [0, 1_000],
        [1_000, 1_033],
        [1_033, 1_333],
      ],
    },
    {
      name: 'the last one stands alone',
      lengths: [-1_000, 33],
      parts: [
        [0, 1_000],
        [1_000, 1_033],
      ],
    },
    {
      name: 'the last one of no length has a millisecond',
      lengths: [-1_000, 0],
      parts: [
        [0, 1_000],
        [1_000, 1_001],
      ],
    },
  ])('$name', ({ lengths, parts }) => {
    const found = partsOf(new Segmenter(VIDEO), fragments(...lengths));
    expect(found.map(({ startMs, endMs }) => [startMs, endMs])).toEqual(parts);
  });

  it('open no segment at the end of a stream', () => {
    expect(openings(partsOf(new Segmenter(VIDEO), fragments(-2_000, 2_000, -1)))).toEqual([0]);
  });

  it('are a segment where they are all there is', () => {
    expect(openings(partsOf(new Segmenter(VIDEO), fragments(-33)))).toEqual([0]);
  });
});

describe('segments of audio', () => {
  it('are twelve fragments of 16 frames, and begin 1,024 samples after the first', () => {
    const durationTicks = 16 * 1_024;
    const given = Array.from({ length: 30 }, (_, index) => ({
      startTicks: index * durationTicks,
      durationTicks,
      isKey: true,
      bytes: Uint8Array.of(index),
    }));
    const parts = partsOf(new Segmenter(AUDIO), given);
    expect(parts.slice(0, 2).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 320],
      [320, 661],
    ]);
    expect(openings(parts)).toEqual([0, 4_075, 8_171]);
  });
});

it('a hole in the fragments belongs to the part after it', () => {
  const [first, second] = fragments(-1_000, 500);
  const parts = partsOf(new Segmenter(VIDEO), [first!, { ...second!, startTicks: 180_000 }]);
  expect(parts.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 1_000],
    [1_000, 2_500],
  ]);
});

it('over any stream: parts telescope, end where the media ends, and no byte is lost', () => {
  const fragment = fc.record({ ticks: fc.integer({ min: 0, max: 90_000 }), isKey: fc.boolean() });
  fc.assert(
    fc.property(fc.array(fragment, { minLength: 1, maxLength: 60 }), (given) => {
      let startTicks = 0;
      const stream = given.map(({ ticks, isKey }, index) => {
        const one = { startTicks, durationTicks: ticks, isKey, bytes: Uint8Array.of(index) };
        startTicks += ticks;
        return one;
      });
      const parts = partsOf(new Segmenter(VIDEO), stream);
      expect(parts.flatMap(({ bytes }) => [...bytes])).toEqual(stream.map((_, index) => index));
      parts.reduce((endMs, part) => {
        expect(part.startMs).toBe(endMs);
        expect(part.endMs).toBeGreaterThan(part.startMs);
        return part.endMs;
      }, 0);
      expect(Math.abs(parts.at(-1)!.endMs - startTicks / 90)).toBeLessThanOrEqual(parts.length);
      const starts = [...openings(parts), parts.at(-1)!.endMs];
      expect(starts[0]).toBe(0);
      starts.slice(1).forEach((start, index) => expect(start - starts[index]!).toBeLessThanOrEqual(9_001));
    }),
  );
});
