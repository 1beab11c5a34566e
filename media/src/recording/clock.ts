import { performance } from 'node:perf_hooks';

/** The two clocks that a recorder needs. */
export interface Clock {
  /** The server's wall clock, ms since 1970. It may be set back or forth. */
  wallMs(): number;
  /** Milliseconds that only ever rise at the pace of time; their zero means nothing. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
