import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIVE_POLICY, LiveTrack } from './live-track.ts';
import { type History, histories, play, type Step, stepsOf } from '../hls/testing/live-history.ts';

/** One epoch of parts of a third of a second, twelve in a segment. */
const epoch = (count: number, afterMs = 0): History['epochs'][number] => ({
  afterMs,
  parts: Array.from({ length: count }, (_, at) => ({ durationMs: 333, opensSegment: at % 12 === 0 })),
  withoutIt: 0,
});
const trackOf = (...epochs: History['epochs']): LiveTrack => play(stepsOf({ epochs }));

/** The same recording after the process was killed: whole segments out of the spool. */
function restored(steps: readonly Step[], isAtHand: (step: Step) => boolean): LiveTrack {
  const track = new LiveTrack();
  for (const [at, step] of steps.entries()) {
    if (step.begins) track.begin(step.begins);
    if (!step.part.opensSegment) continue;
    const parts = steps.slice(at).filter(({ epoch: of, seq }) => of === step.epoch && seq === step.seq);
    const { startMs } = step.part;
    const endMs = parts.at(-1)?.part.endMs ?? startMs;
    track.restore({ seq: step.seq, startMs, endMs, bytes: isAtHand(step) ? new Uint8Array(1) : null });
  }
  return track;
}

describe('a live track', () => {
  it.each([
    { name: 'a part that is there', msn: 1, part: 5, has: true },
    { name: 'the next part', msn: 1, part: 6, has: false },
    { name: 'a whole segment', msn: 0, part: undefined, has: true },
    { name: 'the segment that grows', msn: 1, part: undefined, has: false },
    {
      name: 'a part behind the last one of a whole segment: the next one begins',
      msn: 0,
      part: 12,
      has: true,
    },
    { name: 'the next segment', msn: 2, part: 0, has: false },
  ])('$name: $has', ({ msn, part, has }) => expect(trackOf(epoch(18)).has(msn, part)).toBe(has));

  it('has everything once it has ended, and nothing before it begins', () => {
    const track = trackOf(epoch(18));
    track.end();
    expect(track.has(99, 3)).toBe(true);
    expect(new LiveTrack().has(0, 0)).toBe(false);
  });

  it.each([
    { msn: 3, isTooFar: false },
    { msn: 4, isTooFar: true },
    { msn: 2 ** 53, isTooFar: true },
  ])('number $msn is too far: $isTooFar', ({ msn, isTooFar }) =>
    expect(trackOf(epoch(18)).isTooFar(msn)).toBe(isTooFar),
  );

  it('waits for the next part after an epoch has ended in the middle of a segment', () => {
    const track = trackOf(epoch(18));
    track.close();
    expect(track.has(1)).toBe(true);
    expect(track.has(1, 6)).toBe(false);
    expect(track.nextPart).toBeNull();
  });

  it('names a minute at least, and keeps what it has named for a while', () => {
    const track = trackOf(epoch(3_000));
    const [first] = track.entries;
    const lengthMs = (track.entries.at(-1)?.endMs ?? 0) - (first?.startMs ?? 0);
    expect(lengthMs).toBeGreaterThanOrEqual(LIVE_POLICY.windowMs);
    expect(lengthMs).toBeLessThan(LIVE_POLICY.windowMs + 2 * LIVE_POLICY.targetMs);
    const firstSeq = first?.type === 'segment' ? first.seq : -1;
    expect(track.find(1_000, firstSeq - 1)?.parts).toHaveLength(12);
    expect(track.find(1_000, firstSeq - 10)).toBeUndefined();
  });

  it('lets an hour without media leave no more gaps than it shows', () => {
    const track = trackOf(epoch(18), epoch(1, 3_600_000));
    expect(track.entries).toMatchObject([{ type: 'segment', msn: 2 + 7, discontinuities: 1 }]);
  });

  it('counts an epoch that had nothing of this track', () => {
    const track = trackOf(epoch(1), { ...epoch(1), withoutIt: 1 });
    expect(track.entries.map(({ ordinal, discontinuities }) => [ordinal, discontinuities])).toEqual([
      [0, 0],
      [2, 2],
    ]);
  });

  it('finds the bytes of every part that it names', () =>
    fc.assert(
      fc.property(histories, (history) => {
        play(stepsOf(history), (track, { epoch: of, seq, part, name }) => {
          const index = Number(name.split('.')[1]);
          expect(track.find(of, seq)?.parts[index]?.bytes).toBe(part.bytes);
        });
      }),
      { numRuns: 20 },
    ));

  it('has the same numbers after a restart, and goes on with them', () =>
    fc.assert(
      fc.property(histories, (history) => {
        const steps = stepsOf(history);
        const before = play(steps);
        before.close();
        const after = restored(steps, () => true);
        const numbers = (track: LiveTrack) =>
          track.entries.map(({ msn, ordinal, startMs, endMs }) => ({ msn, ordinal, startMs, endMs }));
        expect(numbers(after)).toEqual(numbers(before));
      }),
      { numRuns: 30 },
    ));

  it('begins after a restart behind what is not at hand any more', () => {
    const steps = stepsOf({ epochs: [epoch(60)] });
    const track = restored(steps, ({ seq }) => seq > 2);
    expect(track.entries.map(({ msn }) => msn)).toEqual([3, 4]);
    expect(restored(steps, () => false).position).toBeNull();
  });

  it('gives each segment that was lost a number', () => {
    const track = new LiveTrack();
    const [first] = stepsOf({ epochs: [epoch(1)] });
    if (first?.begins) track.begin(first.begins);
    track.restore({ seq: 0, startMs: 0, endMs: 4_000, bytes: new Uint8Array(1) });
    track.restore({ seq: 3, startMs: 12_000, endMs: 16_000, bytes: new Uint8Array(1) });
    expect(track.entries.map(({ type, msn }) => [type, msn])).toEqual([
      ['segment', 0],
      ['gap', 1],
      ['gap', 2],
      ['segment', 3],
    ]);
  });
});
