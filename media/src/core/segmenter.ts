/** Fragments to parts and segments: which part opens a segment, and where each lies in integer milliseconds. */

/** A fragment of one track, placed in ticks of the track. */
export interface Fragment {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly isKey: boolean;
  readonly bytes: Uint8Array;
}

/** One part; the next one's `startMs` is this one's `endMs`. */
export interface Part {
  readonly startMs: number;
  readonly endMs: number;
  readonly independent: boolean;
  readonly opensSegment: boolean;
  readonly bytes: Uint8Array;
}

export interface SegmentPolicy {
  readonly timescale: number;
  /** Ticks of the track's time that lie before media time 0: the encoder's priming. */
  readonly offsetTicks: number;
  /** A segment is at least so long before a key frame opens the next one. */
  readonly minSegmentMs: number;
  /** No segment is longer: it is cut even where no key frame stands. */
  readonly maxSegmentMs: number;
}

/** Video: about 4 s with a key frame every 2 s or so. */
export const VIDEO_SEGMENTS = { offsetTicks: 0, minSegmentMs: 3_200, maxSegmentMs: 9_000 };
/** Audio: twelve fragments of 16 AAC frames are 4,096 ms. AAC begins with 1,024 samples of priming. */
export const AUDIO_SEGMENTS = { offsetTicks: 1_024, minSegmentMs: 3_900, maxSegmentMs: 9_000 };

/**
 * A shorter fragment is joined to the next one, unless that begins with a key frame; it never opens a segment: at the end of a
 * stream it would be one of no length.
 */
const SLIVER_MS = 100;

/** A fragment whose place is settled. */
interface Placed {
  readonly endMs: number;
  readonly isKey: boolean;
  readonly bytes: Uint8Array;
}

/**
 * Places one track's fragments. Times are rounded from the absolute media time and telescoped, so nothing drifts, nothing
 * overlaps, and a hole in the fragments' times belongs to the part that follows it.
 */
export class Segmenter {
  readonly #policy: SegmentPolicy;
  #endMs = 0;
  #segmentStartMs: number | undefined;
  #sliver: Placed | undefined;

  constructor(policy: SegmentPolicy) {
    this.#policy = policy;
  }

  /** @returns the parts that are settled now: none while a sliver waits for its neighbour, at most two */
  push(fragment: Fragment): Part[] {
    const placed = this.#place(fragment);
    const parts: Part[] = [];
    if (this.#sliver !== undefined && placed.isKey) {
      parts.push(this.#close(this.#sliver));
      this.#sliver = undefined;
    }
    const joined = this.#sliver === undefined ? placed : join(this.#sliver, placed);
    if (joined.endMs - this.#endMs < SLIVER_MS) {
      this.#sliver = joined;
      return parts;
    }
    this.#sliver = undefined;
    parts.push(this.#emit(joined));
    return parts;
  }

  /** The stream has ended. @returns the last part, where one still waited */
  flush(): Part[] {
    const sliver = this.#sliver;
    this.#sliver = undefined;
    return sliver === undefined ? [] : [this.#close(sliver)];
  }

  #place({ startTicks, durationTicks, isKey, bytes }: Fragment): Placed {
    const { offsetTicks, timescale } = this.#policy;
    const endMs = Math.round(((startTicks + durationTicks - offsetTicks) * 1000) / timescale);
    return { endMs: Math.max(endMs, this.#sliver?.endMs ?? this.#endMs), isKey, bytes };
  }

  #emit(placed: Placed): Part {
    return this.#part(placed, this.#opensSegment(placed));
  }

  #opensSegment({ isKey, endMs }: Placed): boolean {
    const startMs = this.#segmentStartMs;
    if (startMs === undefined) return true;
    const { minSegmentMs, maxSegmentMs } = this.#policy;
    return isKey ? this.#endMs - startMs >= minSegmentMs : endMs - startMs > maxSegmentMs;
  }

  /** A sliver that no neighbour takes up never opens a segment of its own, unless it is all there is. */
  #close(sliver: Placed): Part {
    const endMs = Math.max(sliver.endMs, this.#endMs + 1);
    return this.#part({ ...sliver, endMs }, this.#segmentStartMs === undefined);
  }

  #part({ endMs, isKey, bytes }: Placed, opensSegment: boolean): Part {
    const startMs = this.#endMs;
    if (opensSegment) this.#segmentStartMs = startMs;
    this.#endMs = endMs;
    return { startMs, endMs, independent: isKey, opensSegment, bytes };
  }
}

function join(first: Placed, second: Placed): Placed {
  const bytes = new Uint8Array(first.bytes.length + second.bytes.length);
  bytes.set(first.bytes);
  bytes.set(second.bytes, first.bytes.length);
  return { endMs: second.endMs, isKey: first.isKey, bytes };
}
