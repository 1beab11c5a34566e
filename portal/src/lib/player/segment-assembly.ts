/** Hears of each whole segment. */
export type OnSegment = (segment: string, bytes: ArrayBuffer) => void;

interface Unfinished {
  readonly parts: Map<number, Uint8Array<ArrayBuffer>>;
  /** How many it has; undefined while it is still being written. */
  count: number | undefined;
}

/** Both tracks, each with the segment that comes, the one before, and one left behind by a jump. */
const MOST_UNFINISHED = 6;

/**
 * Puts the parts of live segments together: a segment is exactly its parts in order, so it is whole when the playlist has said how many it
 * has and all of them are there. One of which a part never came is forgotten when others have come after it.
 */
export class SegmentAssembly {
  readonly #onWhole: OnSegment;
  readonly #unfinished = new Map<string, Unfinished>();
  /** Told of once; their parts may still come again. */
  readonly #finished = new Set<string>();

  constructor(onWhole: OnSegment) {
    this.#onWhole = onWhole;
  }

  /** A part arrived. Its bytes are copied, as the player hands the buffer on. */
  take(segment: string, part: number, bytes: ArrayBuffer): void {
    if (this.#finished.has(segment)) return;
    const unfinished = this.#of(segment);
    unfinished.parts.set(part, new Uint8Array(bytes.slice(0)));
    this.#finish(segment, unfinished);
  }

  /** The playlist says that a segment is written and has so many parts. Of no interest where none of them arrived. */
  expect(segment: string, count: number): void {
    const unfinished = this.#unfinished.get(segment);
    if (unfinished === undefined) return;
    unfinished.count = count;
    this.#finish(segment, unfinished);
  }

  #of(segment: string): Unfinished {
    const known = this.#unfinished.get(segment);
    if (known !== undefined) return known;
    const made: Unfinished = { parts: new Map(), count: undefined };
    this.#unfinished.set(segment, made);
    forgetOldest(this.#unfinished, MOST_UNFINISHED);
    return made;
  }

  #finish(segment: string, { parts, count }: Unfinished): void {
    if (count === undefined || count === 0 || parts.size < count) return;
    const inOrder = Array.from({ length: count }, (_, part) => parts.get(part));
    if (inOrder.includes(undefined)) return;
    this.#unfinished.delete(segment);
    this.#finished.add(segment);
    forgetOldest(this.#finished, MOST_UNFINISHED);
    this.#onWhole(segment, joined(inOrder.filter((part) => part !== undefined)));
  }
}

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole.buffer;
}

/** Sets and maps keep the order in which their keys came. */
function forgetOldest(
  kept: { readonly size: number; keys(): Iterator<string>; delete(key: string): boolean },
  most: number,
): void {
  if (kept.size <= most) return;
  const oldest = kept.keys().next();
  if (oldest.done !== true) kept.delete(oldest.value);
}
