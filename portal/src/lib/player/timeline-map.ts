/** A fragment as hls.js knows it; times of the media element in seconds. */
export interface MappedFragment {
  readonly start: number;
  readonly duration: number;
  /** Wall clock of its first moment, Unix ms; null where the playlist does not say. */
  readonly programDateTime: number | null;
  /** The playlist says that there is nothing to load. */
  readonly gap?: boolean;
  readonly url?: string;
}

/** A hole in the recording, in seconds of the media element. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface TimelineAnchor {
  /** Wall clock of the timeline's 0, Unix ms; null for media without one: then the offset alone counts. */
  readonly timelineZeroAtMs: number | null;
  /** Adds to the unit's own clock to give the timeline's. */
  readonly timelineOffsetMs: number;
}

/**
 * Where `atSeconds` of the media element is on the timeline, in milliseconds: by the program date time of the fragment
 * that holds it, which is right across discontinuities; by the offset where there is none.
 */
export function timelineMsAt(
  atSeconds: number,
  fragments: readonly MappedFragment[],
  { timelineZeroAtMs, timelineOffsetMs }: TimelineAnchor,
): number {
  const fragment = fragments.findLast(({ start }) => start <= atSeconds) ?? fragments[0];
  if (timelineZeroAtMs === null || fragment?.programDateTime == null) {
    return Math.round(atSeconds * 1000) + timelineOffsetMs;
  }
  return Math.round(fragment.programDateTime + (atSeconds - fragment.start) * 1000 - timelineZeroAtMs);
}

/** The holes of a recording, neighbours joined. */
export function gapsOf(fragments: readonly MappedFragment[]): Gap[] {
  const gaps: Gap[] = [];
  for (const { start, duration, gap } of fragments) {
    if (gap !== true) continue;
    const last = gaps.at(-1);
    if (last !== undefined && start - last.to < 0.05)
      gaps[gaps.length - 1] = { from: last.from, to: start + duration };
    else gaps.push({ from: start, to: start + duration });
  }
  return gaps;
}

/** How far before a hole a player stops, as its buffer ends a frame or so early. Seconds. */
const BRINK = 0.5;

/** The hole that the player stands in, or before which it has come to a stop. */
export function gapAt(atSeconds: number, gaps: readonly Gap[], isStalled: boolean): Gap | undefined {
  const brink = isStalled ? BRINK : 0;
  return gaps.find(({ from, to }) => atSeconds >= from - brink && atSeconds < to);
}
