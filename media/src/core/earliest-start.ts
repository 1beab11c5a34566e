import { timestampDistance } from './rtp.ts';

/**
 * When a stream really began, on the receiver's clock. A packet may come late (a busy machine, a big picture) but never early; so each
 * packet that was less late than all before it moves the estimate back. Times in ms, timestamps in ticks of the clock rate.
 */
export class EarliestStart {
  readonly #ticksPerMs: number;
  readonly #firstTimestamp: number;
  #startedAtMs: number;

  constructor(clockRate: number, firstTimestamp: number, arrivedAtMs: number) {
    this.#ticksPerMs = clockRate / 1000;
    this.#firstTimestamp = firstTimestamp;
    this.#startedAtMs = arrivedAtMs;
  }

  /** The best estimate so far. */
  get atMs(): number {
    return this.#startedAtMs;
  }

  /** Learns from a packet of the same count of time. */
  observe(timestamp: number, arrivedAtMs: number): void {
    const sinceFirstMs = timestampDistance(this.#firstTimestamp, timestamp) / this.#ticksPerMs;
    this.#startedAtMs = Math.min(this.#startedAtMs, arrivedAtMs - sinceFirstMs);
  }
}
