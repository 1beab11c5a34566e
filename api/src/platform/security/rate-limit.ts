import { type RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from '../problems/problems.ts';

/** Takes points of a limit. @throws TooManyRequests when it is used up */
export async function consume(limiter: RateLimiterMemory, key: string, points = 1): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new TooManyRequests('too many requests', refusal.msBeforeNext / 1000);
  }
}
