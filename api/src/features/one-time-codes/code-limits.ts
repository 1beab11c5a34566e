import { Injectable } from '@nestjs/common';
import { type RateLimit, RateLimits } from '../../platform/shared/rate-limits.ts';
import { CODE_PAUSE_SECONDS } from '../../domain/one-time-code.ts';

const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Who asks for a code, or tries one. `recipient` is a hash of the phone, `device` the cookie of the browser. */
export interface Asker {
  readonly recipient: string;
  readonly device: string;
  readonly address: string;
}

/** Messages cost money and guesses cost trust: both are bounded per phone, device and address. */
@Injectable()
export class CodeLimits {
  private readonly sent: readonly { limit: RateLimit; keyOf: (asker: Asker) => string }[];
  private readonly tries: RateLimit;

  constructor(limits: RateLimits) {
    const limit = (name: string, points: number, seconds: number) =>
      limits.create({ name: `code-${name}`, points, seconds });
    this.sent = [
      { limit: limit('pause', 1, CODE_PAUSE_SECONDS), keyOf: ({ recipient }) => recipient },
      { limit: limit('phone-hour', 5, HOUR_S), keyOf: ({ recipient }) => recipient },
      { limit: limit('phone-day', 10, DAY_S), keyOf: ({ recipient }) => recipient },
      // A tutor's tablet registers a whole class in one morning.
      { limit: limit('device-day', 60, DAY_S), keyOf: ({ device }) => device },
      // A community room, and in a town many homes, share one address.
      { limit: limit('address-hour', 300, HOUR_S), keyOf: ({ address }) => address },
    ];
    this.tries = limit('tries-address', 600, HOUR_S);
  }

  /** @throws TooManyRequests with the time to wait */
  async countSending(asker: Asker): Promise<void> {
    for (const { limit, keyOf } of this.sent) await limit.consume(keyOf(asker));
  }

  /** The message did not go out: it is not counted. */
  async forgiveSending(asker: Asker): Promise<void> {
    for (const { limit, keyOf } of this.sent) await limit.giveBack(keyOf(asker));
  }

  /** @throws TooManyRequests */
  async countTry(address: string): Promise<void> {
    await this.tries.consume(address);
  }
}
