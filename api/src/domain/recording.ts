import type { TrackKind } from '@yike/contracts/control/manifest';
import { hull, type Interval, type IntervalSet, unite } from './intervals.ts';

/** A stored piece of one track, on the timeline. */
export interface RecordedSegment {
  readonly epoch: number;
  readonly track: TrackKind;
  readonly seq: number;
  readonly startMs: number;
  readonly durationMs: number;
}

/** Holes up to this length are rounding, or the last moments before a new epoch; nobody hears them. */
export const CLOSED_HOLE_MS = 100;

/**
 * Fencing: what a lower epoch recorded after a higher one had begun is not of this recording (two recorders ran). The rest comes
 * ordered by epoch, start and track.
 */
export function joinEpochs<S extends RecordedSegment>(segments: readonly S[]): S[] {
  const begins = new Map<number, number>();
  for (const { epoch, startMs } of segments) {
    begins.set(epoch, Math.min(startMs, begins.get(epoch) ?? Number.POSITIVE_INFINITY));
  }
  const fences = new Map<number, number>();
  let fenceMs = Number.POSITIVE_INFINITY;
  for (const [epoch, beginMs] of [...begins].sort(([a], [b]) => b - a)) {
    fences.set(epoch, fenceMs);
    fenceMs = Math.min(fenceMs, beginMs);
  }
  return segments
    .filter(({ epoch, startMs }) => startMs < (fences.get(epoch) ?? 0))
    .sort((a, b) => a.epoch - b.epoch || a.startMs - b.startMs || a.track.localeCompare(b.track));
}

export const spanOf = ({
  startMs,
  durationMs,
}: Pick<RecordedSegment, 'startMs' | 'durationMs'>): Interval => ({
  fromMs: startMs,
  toMs: startMs + durationMs,
});

/**
 * Where there is media, of either track: sound alone is a lecture too.
 * @param known what was found before, where only new segments are given
 */
export const recordedRanges = (segments: readonly RecordedSegment[], known: IntervalSet = []): IntervalSet =>
  unite([...known, ...joinEpochs(segments).map(spanOf)], CLOSED_HOLE_MS);

/**
 * The ranges that the replay shows: from the first media to the last, gaps and all, or to the moment at which the end was asked for.
 * Empty where nothing was recorded.
 */
export function replayCut(recorded: IntervalSet, trimMs: number | null): IntervalSet {
  const all = hull(recorded);
  if (all === null) return [];
  const wanted = { fromMs: all.fromMs, toMs: Math.min(all.toMs, trimMs ?? all.toMs) };
  // Asked to end before it began: the little that there is, whole.
  return wanted.fromMs < wanted.toMs ? [wanted] : [all];
}
