import { Inject, Injectable } from '@nestjs/common';
import { KEY_INFO } from '@yike/contracts/control/commands';
import type { TicketClaims } from '@yike/contracts/signaling/room';
import { SignJWT } from 'jose';
import type { ApiConfig } from '../config.ts';
import { Clock } from '../platform/clock.ts';
import { deriveKey } from '../platform/crypto/secrets.ts';
import { CONFIG } from '../platform/tokens.ts';

/** Signs what media nodes let browsers in for: they know the key, and ask nobody. */
@Injectable()
export class TicketSigner {
  readonly #key: Buffer;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    private readonly clock: Clock,
  ) {
    this.#key = deriveKey(config.MEDIA_NODE_SECRET, KEY_INFO.join);
  }

  sign(claims: Omit<TicketClaims, 'exp'>, livesSeconds: number): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(this.clock.nowMs() / 1000) + livesSeconds)
      .sign(this.#key);
  }
}
