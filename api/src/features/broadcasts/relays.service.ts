import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { IceServer } from '@yike/contracts/http/broadcasts';
import type { ApiConfig } from '../../config.ts';
import { Clock } from '../../platform/clock.ts';
import { CONFIG } from '../../platform/tokens.ts';

/** A lecture is shorter. */
const LIVES_S = 12 * 3_600;

/** TURN relays, for browsers whose network lets neither UDP nor our TCP ports through. */
@Injectable()
export class Relays {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<ApiConfig, 'TURN_URLS' | 'TURN_SECRET'>,
    private readonly clock: Clock,
  ) {}

  /**
   * The relays with credentials of this peer's own, by the secret that coturn calls `static-auth-secret`: the name says until when they are
   * good, the password is its HMAC-SHA1. None where no relay is configured.
   */
  for(peer: string): IceServer[] {
    const { TURN_URLS, TURN_SECRET } = this.config;
    if (TURN_URLS === undefined || TURN_SECRET === undefined) return [];
    const username = `${Math.floor(this.clock.nowMs() / 1000) + LIVES_S}:${peer}`;
    const credential = createHmac('sha1', TURN_SECRET).update(username).digest('base64');
    return [{ urls: TURN_URLS.split(',').map((url) => url.trim()), username, credential }];
  }
}
