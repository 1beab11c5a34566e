import { RateLimiterMemory } from 'rate-limiter-flexible';

export type RateVerdict =
  | { readonly verdict: 'allowed' }
  | { readonly verdict: 'too-many'; readonly retryAfterSeconds: number }
  | { readonly verdict: 'abuse' };

/** A joining peer needs about 10 messages; 50 in 10 s leave room for a few reconnections. */
const WINDOW_S = 10;
const ALLOWED = 50;
/** Whoever goes on after so many is no browser of ours. */
const ABUSE = 300;

/** Counts one socket's messages: answers `too-many` above the allowance, `abuse` far above it. */
export class RateGuard {
  readonly #limiter = new RateLimiterMemory({ points: ALLOWED, duration: WINDOW_S });

  async take(socketId: string): Promise<RateVerdict> {
    try {
      await this.#limiter.consume(socketId);
      return { verdict: 'allowed' };
    } catch (exceeded) {
      const { consumedPoints, msBeforeNext } = asLimit(exceeded);
      if (consumedPoints > ABUSE) return { verdict: 'abuse' };
      return { verdict: 'too-many', retryAfterSeconds: Math.ceil(msBeforeNext / 1000) };
    }
  }

  async forget(socketId: string): Promise<void> {
    await this.#limiter.delete(socketId);
  }
}

/** The limiter rejects with its counters; a memory limiter has no other way to fail. */
function asLimit(exceeded: unknown): { consumedPoints: number; msBeforeNext: number } {
  return exceeded as { consumedPoints: number; msBeforeNext: number };
}
