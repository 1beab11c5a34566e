/** What a connection has brought since its beginning. */
export interface Packets {
  readonly received: number;
  readonly lost: number;
  readonly bytes: number;
}

interface Sample extends Packets {
  readonly atMs: number;
}

/** One look is chance; later ones tell of now. */
const LEAST_SPAN_MS = 1_200;
const WINDOW_MS = 2_500;
/** Loss by chance is repaired up to here; more of it is a line that is sent more than it carries. */
const MOST_LOST = 0.25;
/** What comes through is not the picture of a lecture. */
const LEAST_BITS_PER_SECOND = 700_000;

/** Tells a line that is too thin for what is sent over it from one that loses a packet here and there, and from one that is cut. */
export class ChokeWatch {
  #samples: Sample[] = [];

  /** @returns whether the line is choked: something comes, much is lost, and it is little in all */
  sees(packets: Packets, nowMs: number): boolean {
    const before = this.#samples.at(-1);
    // A new connection counts from nothing.
    if (before !== undefined && packets.received < before.received) this.#samples = [];
    this.#samples.push({ ...packets, atMs: nowMs });
    this.#samples = this.#samples.filter(({ atMs }) => nowMs - atMs <= WINDOW_MS);
    const [first] = this.#samples;
    if (first === undefined || nowMs - first.atMs < LEAST_SPAN_MS) return false;
    const received = packets.received - first.received;
    const lost = packets.lost - first.lost;
    const bitsPerSecond = ((packets.bytes - first.bytes) * 8_000) / (nowMs - first.atMs);
    return received > 0 && lost / (received + lost) > MOST_LOST && bitsPerSecond < LEAST_BITS_PER_SECOND;
  }
}
