import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from '../problems/problems.ts';
import { REDIS } from '../tokens.ts';
import type { Redis } from './redis.ts';

/** So many points in so many seconds, from the first one on; over all nodes under this name. */
export interface Limit {
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

/** One limit, for any number of keys. */
export class RateLimit {
  readonly #limiter: RateLimiterMemory | RateLimiterRedis;

  constructor(limiter: RateLimiterMemory | RateLimiterRedis) {
    this.#limiter = limiter;
  }

  /** Takes points. @throws TooManyRequests when they are used up */
  async consume(key: string, points = 1): Promise<void> {
    try {
      await this.#limiter.consume(key, points);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new TooManyRequests('too many requests', refusal.msBeforeNext / 1000);
    }
  }

  /** Gives a point back. */
  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(key);
  }

  /** As if nothing had been taken. */
  async forget(key: string): Promise<void> {
    await this.#limiter.delete(key);
  }
}

/** Makes limits: in Redis where several nodes share it, and in this process's memory without it or while it is away. */
@Injectable()
export class RateLimits {
  constructor(@Inject(REDIS) private readonly redis: Redis | null) {}

  create({ name, points, seconds }: Limit): RateLimit {
    const options = { keyPrefix: `yike:limit:${name}`, points, duration: seconds };
    const inMemory = new RateLimiterMemory(options);
    if (this.redis === null) return new RateLimit(inMemory);
    return new RateLimit(
      new RateLimiterRedis({
        ...options,
        storeClient: this.redis,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        insuranceLimiter: inMemory,
      }),
    );
  }
}
