import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type RateLimit, RateLimits } from '../../platform/shared/rate-limits.ts';

const WINDOW_S = 15 * 60;
/** Failures of one account, from wherever they come. */
const PER_ACCOUNT = 10;
/** Failures from one address; a whole community room may share it. */
const PER_ADDRESS = 100;

/** Slows down whoever guesses passwords. A sign-in that succeeds is not counted. */
@Injectable()
export class SignInLimits {
  private readonly accounts: RateLimit;
  private readonly addresses: RateLimit;

  constructor(limits: RateLimits) {
    this.accounts = limits.create({ name: 'sign-in-account', points: PER_ACCOUNT, seconds: WINDOW_S });
    this.addresses = limits.create({ name: 'sign-in-address', points: PER_ADDRESS, seconds: WINDOW_S });
  }

  /** Counts a try before its password is looked at. @throws TooManyRequests */
  async count(username: string, address: string): Promise<void> {
    await this.addresses.consume(address);
    await this.accounts.consume(accountKey(username));
  }

  async forgive(username: string, address: string): Promise<void> {
    await this.addresses.giveBack(address);
    await this.accounts.forget(accountKey(username));
  }
}

/** Names are typed by anyone, at any length: the limiter keeps a hash. */
const accountKey = (username: string): string =>
  createHash('sha256').update(username.toLowerCase()).digest('base64url');
