import { BeatSpan } from '@yike/contracts/realtime/viewing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlayerSample, SpanRecorder } from './span-recorder.ts';

const LIMITS = { maxClaimMs: 25_000, maxRate: 1.5 };
const sample = (
  clockMs: number,
  did: PlayerSample['did'],
  mediaMs: number | null,
  more: Partial<PlayerSample> = {},
): PlayerSample => ({ clockMs, did, mediaMs, hidden: false, ...more });

function spansOf(samples: PlayerSample[]): BeatSpan[] {
  const recorder = new SpanRecorder(LIMITS);
  for (const each of samples) recorder.observe(each);
  return recorder.takeSpans(1_000);
}
const played = (clock: [number, number], media: [number, number], hidden = false): BeatSpan => ({
  did: 'played',
  clockFromMs: clock[0],
  clockToMs: clock[1],
  mediaFromMs: media[0],
  mediaToMs: media[1],
  hidden,
});
const other = (did: 'paused' | 'stalled', clockFromMs: number, clockToMs: number): BeatSpan => ({
  did,
  clockFromMs,
  clockToMs,
});

describe('a story in samples becomes spans', () => {
  it.each([
    {
      name: 'play, pause',
      samples: [sample(1_000, 'played', 0), sample(5_000, 'paused', 4_000), sample(7_000, 'paused', 4_000)],
      spans: [other('paused', 0, 1_000), played([1_000, 5_000], [0, 4_000]), other('paused', 5_000, 7_000)],
    },
    {
      name: 'samples of one act are one span',
      samples: [sample(0, 'played', 10), sample(1_000, 'played', 1_010), sample(2_000, 'played', 2_010)],
      spans: [played([0, 2_000], [10, 2_010])],
    },
    {
      name: 'a seek closes the span where it was last seen playing',
      samples: [
        sample(0, 'played', 0),
        sample(2_000, 'played', 2_000),
        sample(2_100, 'stalled', 60_000, { jumped: true }),
        sample(2_400, 'played', 60_000),
        sample(3_400, 'paused', 61_000),
      ],
      spans: [
        played([0, 2_000], [0, 2_000]),
        other('stalled', 2_000, 2_400),
        played([2_400, 3_400], [60_000, 61_000]),
      ],
    },
    {
      name: 'a jump that nobody announced is not claimed',
      samples: [sample(0, 'played', 0), sample(1_000, 'played', 9_000), sample(2_000, 'paused', 10_000)],
      spans: [other('stalled', 0, 1_000), played([1_000, 2_000], [9_000, 10_000])],
    },
    {
      name: 'a hidden page is another span',
      samples: [
        sample(0, 'played', 0),
        sample(1_000, 'played', 1_000, { hidden: true }),
        sample(2_000, 'paused', 2_000),
      ],
      spans: [played([0, 1_000], [0, 1_000]), played([1_000, 2_000], [1_000, 2_000], true)],
    },
    {
      name: 'speed 1.5 fits',
      samples: [sample(0, 'played', 0), sample(10_000, 'paused', 15_000)],
      spans: [played([0, 10_000], [0, 15_000])],
    },
    {
      name: 'a little more than 1.5 is cut to it',
      samples: [sample(0, 'played', 0), sample(10_000, 'paused', 15_300)],
      spans: [played([0, 10_000], [0, 15_000])],
    },
    {
      name: 'the machine slept: the clock ran on, the media stood',
      samples: [sample(0, 'played', 0), sample(60_000, 'played', 300), sample(61_000, 'paused', 1_300)],
      spans: [
        other('stalled', 0, 25_000),
        other('stalled', 25_000, 50_000),
        other('stalled', 50_000, 60_000),
        played([60_000, 61_000], [300, 1_300]),
      ],
    },
    {
      name: 'a long step is cut at 25 s',
      samples: [sample(0, 'played', 0), sample(60_000, 'paused', 60_000)],
      spans: [
        played([0, 25_000], [0, 25_000]),
        played([25_000, 50_000], [25_000, 50_000]),
        played([50_000, 60_000], [50_000, 60_000]),
      ],
    },
    {
      name: 'a clock that fell back stands still',
      samples: [sample(1_000, 'played', 0), sample(500, 'played', 400), sample(2_000, 'paused', 1_400)],
      spans: [other('paused', 0, 1_000), played([1_000, 2_000], [400, 1_400])],
    },
    {
      name: 'no position, no claim',
      samples: [sample(0, 'played', null), sample(1_000, 'played', 5), sample(2_000, 'paused', 1_005)],
      spans: [other('stalled', 0, 1_000), played([1_000, 2_000], [5, 1_005])],
    },
  ])('$name', ({ samples, spans }) => expect(spansOf(samples)).toEqual(spans));
});

it('gives at most so many spans, and the rest later', () => {
  const recorder = new SpanRecorder(LIMITS);
  for (let n = 1; n <= 10; n++) recorder.observe(sample(n * 100, n % 2 === 0 ? 'paused' : 'stalled', null));
  expect(recorder.takeSpans(7)).toHaveLength(7);
  expect(recorder.hasClosedSpans).toBe(true);
  expect(recorder.takeSpans(7)).toHaveLength(3);
  expect(recorder.takeSpans(7)).toEqual([]);
});

const arbitrarySample = fc.record({
  stepMs: fc.oneof(fc.integer({ min: 0, max: 1_200 }), fc.integer({ min: 0, max: 90_000 })),
  did: fc.constantFrom('played' as const, 'paused' as const, 'stalled' as const),
  media: fc.oneof(
    fc.constant(null),
    fc.record({ by: fc.constant('play' as const), rate: fc.double({ min: 0, max: 1.6, noNaN: true }) }),
    fc.record({ by: fc.constant('seek' as const), to: fc.double({ min: 0, max: 8e7, noNaN: true }) }),
  ),
  hidden: fc.boolean(),
  takeAfter: fc.boolean(),
});

it('covers the clock of any session exactly, with spans the contract allows', () => {
  fc.assert(
    fc.property(fc.array(arbitrarySample, { minLength: 1, maxLength: 60 }), (story) => {
      const recorder = new SpanRecorder(LIMITS);
      const spans: BeatSpan[] = [];
      let clockMs = 0;
      let mediaMs = 0;
      for (const { stepMs, did, media, hidden, takeAfter } of story) {
        clockMs += stepMs;
        if (media?.by === 'play') mediaMs += stepMs * media.rate;
        if (media?.by === 'seek') mediaMs = media.to;
        recorder.observe({
          clockMs,
          did,
          mediaMs: media === null ? null : mediaMs,
          hidden,
          jumped: media?.by === 'seek',
        });
        if (takeAfter) spans.push(...recorder.takeSpans(60));
      }
      do spans.push(...recorder.takeSpans(60));
      while (recorder.hasClosedSpans);

      let reached = 0;
      for (const span of spans) {
        expect(span.clockFromMs).toBe(reached);
        reached = span.clockToMs;
        const length = span.clockToMs - span.clockFromMs;
        expect(length).toBeGreaterThan(0);
        expect(length).toBeLessThanOrEqual(LIMITS.maxClaimMs);
        if (span.did === 'played')
          expect(span.mediaToMs - span.mediaFromMs).toBeLessThanOrEqual(length * LIMITS.maxRate);
        expect(BeatSpan.safeParse(span).success).toBe(true);
      }
      expect(reached).toBe(clockMs);
    }),
    { numRuns: 500 },
  );
});
