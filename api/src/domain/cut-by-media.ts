import { clockAt, clockUntil, mediaAt, type Stretch } from './claims.ts';
import type { Interval, IntervalSet } from './intervals.ts';

/** A part of a claim's clock. The claim says what it played, so that cutting twice gives the same as cutting once. */
export interface PlayedPart {
  readonly clock: Interval;
  readonly source: Stretch;
}

export interface LabelledClock<Label> {
  readonly clock: Interval;
  /** Null in none of the sets. */
  readonly label: Label | null;
}

/**
 * Cuts a part of a claim by disjoint sets of media, into consecutive pieces of its clock that make up the whole part.
 * A millisecond of the clock may play media on both sides of an edge; it is then never given to `careful`, whose pieces so
 * hold nothing outside their set.
 */
export function cutByMedia<Label extends string>(
  { clock, source }: PlayedPart,
  sets: Readonly<Record<Label, IntervalSet>>,
  careful: NoInfer<Label> | null,
): LabelledClock<Label>[] {
  const pieces: LabelledClock<Label>[] = [];
  let clockMs = clock.fromMs;
  const goTo = (mediaMs: number, label: Label | null): void => {
    const edgeMs = label === careful ? clockUntil(source, mediaMs) : clockAt(source, mediaMs);
    const isBeyond = mediaMs >= mediaAt(source, clock.toMs);
    const toMs = isBeyond ? clock.toMs : Math.min(edgeMs, clock.toMs);
    if (toMs > clockMs) pieces.push({ clock: { fromMs: clockMs, toMs }, label });
    clockMs = Math.max(clockMs, toMs);
  };
  let mediaMs = source.media.fromMs;
  for (const { part, label } of inOrder(sets)) {
    if (part.fromMs > mediaMs) goTo(part.fromMs, null);
    goTo(part.toMs, label);
    mediaMs = part.toMs;
  }
  goTo(Math.max(mediaMs, source.media.toMs), null);
  return pieces;
}

function inOrder<Label extends string>(
  sets: Readonly<Record<Label, IntervalSet>>,
): { part: Interval; label: Label }[] {
  // Object.keys forgets the type of the keys.
  const labels = Object.keys(sets) as Label[];
  return labels
    .flatMap((label) => sets[label].map((part) => ({ part, label })))
    .sort((a, b) => a.part.fromMs - b.part.fromMs);
}
