import fc from 'fast-check';
import { type LiveEpoch, LiveTrack, type RecordedPart } from '../../core/live-track.ts';

/** What a recorder of one track did: epochs, some time apart, of parts. */
export interface History {
  readonly epochs: readonly {
    /** Timeline ms between the end of the one before and this one's begin; overlapping where negative. */
    readonly afterMs: number;
    readonly parts: readonly { readonly durationMs: number; readonly opensSegment: boolean }[];
    /** Epochs before it that had nothing of this track. */
    readonly withoutIt: number;
  }[];
}

export const histories: fc.Arbitrary<History> = fc.record({
  epochs: fc.array(
    fc.record({
      afterMs: fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 0, max: 200_000 })),
      parts: fc.array(
        fc.record({
          durationMs: fc.oneof(fc.constant(333), fc.integer({ min: 1, max: 900 })),
          opensSegment: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
        }),
        { minLength: 1, maxLength: 120 },
      ),
      withoutIt: fc.integer({ min: 0, max: 2 }).map((n) => Math.max(0, n - 1)),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

export interface Step {
  /** The epoch begins with this part. */
  readonly begins: LiveEpoch | null;
  readonly part: RecordedPart;
  /** The manifest's name of the segment, and the part within it. */
  readonly name: string;
  readonly epoch: number;
  readonly seq: number;
}

/** A history as the track hears of it, step by step. */
export function stepsOf({ epochs }: History): Step[] {
  let clockMs = 0;
  let ordinal = -1;
  return epochs.flatMap(({ afterMs, parts, withoutIt }, index) => {
    ordinal += 1 + withoutIt;
    const startMs = Math.max(0, clockMs + afterMs);
    const epoch = 1_000 + index;
    const begins = { epoch, ordinal, startMs, codec: 'avc1.42c01f', size: null, init: new Uint8Array(1) };
    let atMs = 0;
    let seq = -1;
    let part = -1;
    const steps = parts.map((each, at): Step => {
      const opensSegment = at === 0 || each.opensSegment;
      seq += opensSegment ? 1 : 0;
      part = opensSegment ? 0 : part + 1;
      const bytes = new TextEncoder().encode(`${epoch}/${seq}.${part}`);
      const times = { startMs: atMs, endMs: atMs + each.durationMs };
      atMs += each.durationMs;
      return {
        begins: at === 0 ? begins : null,
        part: { ...times, independent: opensSegment, opensSegment, bytes },
        name: `${epoch}/video/${seq}.${part}`,
        epoch,
        seq,
      };
    });
    clockMs = startMs + atMs;
    return steps;
  });
}

/** Plays a history into a new track, telling after each step. */
export function play(
  steps: readonly Step[],
  after: (track: LiveTrack, step: Step) => void = () => undefined,
) {
  const track = new LiveTrack();
  for (const step of steps) {
    if (step.begins) track.begin(step.begins);
    track.append(step.part);
    after(track, step);
  }
  return track;
}
