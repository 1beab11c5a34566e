import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from '../../platform/problems/problems.ts';

const WINDOW_S = 15 * 60;
/** Failures of one account, from wherever they come. */
const PER_ACCOUNT = 10;
/** Failures from one address; a whole community room may share it. */
const PER_ADDRESS = 100;

/** Slows down whoever guesses passwords. A sign-in that succeeds is not counted. */
@Injectable()
export class SignInLimits {
  private readonly accounts = new RateLimiterMemory({
    keyPrefix: 'account',
    points: PER_ACCOUNT,
    duration: WINDOW_S,
  });
  private readonly addresses = new RateLimiterMemory({
    keyPrefix: 'address',
    points: PER_ADDRESS,
    duration: WINDOW_S,
  });

  /** Counts a try before its password is looked at. @throws TooManyRequests */
  async count(username: string, address: string): Promise<void> {
    try {
      await this.addresses.consume(address);
      await this.accounts.consume(accountKey(username));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new TooManyRequests('too many tries to sign in', refusal.msBeforeNext / 1000);
    }
  }

  async forgive(username: string, address: string): Promise<void> {
    await this.addresses.reward(address);
    await this.accounts.delete(accountKey(username));
  }
}

/** Names are typed by anyone, at any length: the limiter keeps a hash. */
const accountKey = (username: string): string =>
  createHash('sha256').update(username.toLowerCase()).digest('base64url');
