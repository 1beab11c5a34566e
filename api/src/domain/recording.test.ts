import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthMs } from './intervals.ts';
import { joinEpochs, recordedRanges, type RecordedSegment, replayCut, spanOf } from './recording.ts';

const segment = (epoch: number, startMs: number, durationMs = 4_000, seq = 0): RecordedSegment => ({
  epoch,
  track: 'video',
  seq,
  startMs,
  durationMs,
});

describe('joining epochs', () => {
  it.each([
    { name: 'one after the other', segments: [segment(0, 0), segment(1, 6_000)], kept: [0, 6_000] },
    {
      name: 'what a fenced recorder wrote later is ignored',
      segments: [segment(0, 0), segment(0, 8_000), segment(1, 6_000)],
      kept: [0, 6_000],
    },
    {
      name: 'a fence holds for all lower epochs',
      segments: [segment(0, 9_000), segment(1, 12_000), segment(1_000, 8_000)],
      kept: [8_000],
    },
    { name: 'in whatever order they come', segments: [segment(1, 6_000), segment(0, 0)], kept: [0, 6_000] },
  ])('$name', ({ segments, kept }) => {
    expect(joinEpochs(segments).map(({ startMs }) => startMs)).toEqual(kept);
  });

  it('never keeps a segment that began after a higher epoch did', () => {
    const any = fc.array(
      fc.tuple(fc.nat(4), fc.nat(60_000)).map(([epoch, startMs]) => segment(epoch, startMs)),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(any, (segments) => {
        const kept = joinEpochs(segments);
        for (const { epoch, startMs } of kept) {
          const higher = segments.filter((each) => each.epoch > epoch);
          expect(higher.every((each) => each.startMs > startMs)).toBe(true);
        }
      }),
    );
  });
});

describe('recorded ranges', () => {
  it('closes what is only rounding, and keeps a real gap', () => {
    const segments = [segment(0, 0), segment(0, 4_001), segment(0, 8_101), segment(1, 14_000)];
    expect(recordedRanges(segments)).toEqual([
      { fromMs: 0, toMs: 12_101 },
      { fromMs: 14_000, toMs: 18_000 },
    ]);
  });

  it('counts sound without a picture', () => {
    expect(recordedRanges([{ ...segment(0, 0), track: 'audio' }])).toEqual([{ fromMs: 0, toMs: 4_000 }]);
  });

  it('is the same however the segments are handed over', () => {
    const any = fc.array(
      fc.nat(40).map((n) => segment(0, n * 4_000)),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(recordedRanges(b, recordedRanges(a))).toEqual(recordedRanges([...a, ...b]));
        expect(lengthMs(recordedRanges(a))).toBe(new Set(a.map(({ startMs }) => startMs)).size * 4_000);
      }),
    );
  });

  it('spans are half-open', () => {
    expect(spanOf(segment(0, 5, 10))).toEqual({ fromMs: 5, toMs: 15 });
  });
});

describe('the replay', () => {
  const recorded = [
    { fromMs: 40, toMs: 10_000 },
    { fromMs: 15_000, toMs: 90_000 },
  ];
  it.each([
    { name: 'whole without an asked end', trimMs: null, cut: [{ fromMs: 40, toMs: 90_000 }] },
    {
      name: 'to the moment at which the end was asked for',
      trimMs: 60_000,
      cut: [{ fromMs: 40, toMs: 60_000 }],
    },
    { name: 'not beyond what was recorded', trimMs: 99_000, cut: [{ fromMs: 40, toMs: 90_000 }] },
    { name: 'whole when ended before it began', trimMs: 10, cut: [{ fromMs: 40, toMs: 90_000 }] },
  ])('$name', ({ trimMs, cut }) => {
    expect(replayCut(recorded, trimMs)).toEqual(cut);
  });

  it('of nothing is nothing', () => {
    expect(replayCut([], null)).toEqual([]);
  });
});
