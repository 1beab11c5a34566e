import { describe, expect, it } from 'vitest';
import { gapAt, gapsOf, type MappedFragment, timelineMsAt } from './timeline-map.ts';

const ZERO = 1_700_000_000_000;
const at = (start: number, duration: number, timelineMs: number | null, gap = false): MappedFragment => ({
  start,
  duration,
  programDateTime: timelineMs === null ? null : ZERO + timelineMs,
  gap,
});
// A replay trimmed by 5 s: two segments, a hole of 12 s, a later epoch that begins 20 ms late.
const replay = [at(0, 4, 5_000), at(4, 4, 9_000), at(8, 12, 13_000, true), at(20, 4, 25_020)];
const anchor = { timelineZeroAtMs: ZERO, timelineOffsetMs: 5_000 };

describe('the timeline of a moment', () => {
  it.each([
    { name: 'the beginning', seconds: 0, ms: 5_000 },
    { name: 'inside a segment', seconds: 5.5, ms: 10_500 },
    { name: 'a border belongs to the later', seconds: 4, ms: 9_000 },
    { name: 'inside the hole', seconds: 10, ms: 15_000 },
    { name: 'behind the hole, by its own date', seconds: 21, ms: 26_020 },
    { name: 'at the very end', seconds: 24, ms: 29_020 },
  ])('$name', ({ seconds, ms }) => expect(timelineMsAt(seconds, replay, anchor)).toBe(ms));

  it('counts by the offset without dates, without an anchor and before the playlist', () => {
    expect(timelineMsAt(3, [at(0, 4, null)], anchor)).toBe(8_000);
    expect(timelineMsAt(3, replay, { timelineZeroAtMs: null, timelineOffsetMs: 700 })).toBe(3_700);
    expect(timelineMsAt(3, [], anchor)).toBe(8_000);
  });
});

describe('holes', () => {
  it('are what the playlist marks, neighbours joined', () => {
    expect(gapsOf(replay)).toEqual([{ from: 8, to: 20 }]);
    expect(gapsOf([at(0, 4, 0, true), at(4, 2, 4_000, true), at(6, 4, 6_000)])).toEqual([{ from: 0, to: 6 }]);
    expect(gapsOf([])).toEqual([]);
  });

  it.each([
    { name: 'before it, playing', seconds: 7.9, stalled: false, inside: false },
    { name: 'at its brink, playing', seconds: 7.99, stalled: false, inside: false },
    { name: 'at its brink, stalled', seconds: 7.7, stalled: true, inside: true },
    { name: 'well before it, stalled', seconds: 7.4, stalled: true, inside: false },
    { name: 'in it', seconds: 8, stalled: false, inside: true },
    { name: 'at its end', seconds: 20, stalled: true, inside: false },
  ])('$name', ({ seconds, stalled, inside }) =>
    expect(gapAt(seconds, gapsOf(replay), stalled) !== undefined).toBe(inside),
  );
});
