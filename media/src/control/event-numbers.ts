/** Numbers are reserved on disk by blocks, so that events that are never written don't cost a write each. */
const BLOCK = 1000;
/** Broadcasts whose numbers are remembered; older ones have ended long since. */
const REMEMBERED = 500;

interface Counter {
  next: number;
  /** Numbers below this may have been used: a restarted process goes on from here. */
  below: number;
}

/** Counts each broadcast's events: rising by one, never the same number twice, also after a restart. */
export class EventNumbers {
  readonly #counters = new Map<string, Counter>();

  /** What an earlier process had reserved. */
  restore(broadcastId: string, below: number): void {
    const known = this.#counters.get(broadcastId)?.below ?? 0;
    this.#remember(broadcastId, { next: Math.max(known, below), below: Math.max(known, below) });
  }

  /** The next number; `reserve` is to be on disk before an event with this number leaves. */
  next(broadcastId: string): { n: number; reserve: { numbersOf: string; below: number } | undefined } {
    const counter = this.#counters.get(broadcastId) ?? { next: 0, below: 0 };
    const n = counter.next++;
    const isNewBlock = n >= counter.below;
    if (isNewBlock) counter.below = n + BLOCK;
    this.#remember(broadcastId, counter);
    return { n, reserve: isNewBlock ? { numbersOf: broadcastId, below: counter.below } : undefined };
  }

  /** All reservations, to be written when the journal is compacted. */
  reservations(): { numbersOf: string; below: number }[] {
    return [...this.#counters].map(([numbersOf, { below }]) => ({ numbersOf, below }));
  }

  /** A Map keeps the order of insertion: the one used longest ago is the first. */
  #remember(broadcastId: string, counter: Counter): void {
    this.#counters.delete(broadcastId);
    this.#counters.set(broadcastId, counter);
    const [oldest] = this.#counters.keys();
    if (this.#counters.size > REMEMBERED && oldest !== undefined) this.#counters.delete(oldest);
  }
}
