import { Inject, Injectable } from '@nestjs/common';
import { KEY_INFO } from '@yike/contracts/control/commands';
import { TicketClaims } from '@yike/contracts/signaling/room';
import { SignJWT, jwtVerify } from 'jose';
import { CONFIG, type MediaConfig } from '../config.ts';
import { deriveKey } from '../control/signature.ts';
import { Refusal } from '../platform/refusal.ts';

const JOIN_LIVES_S = 60;
const RESUME_LIVES_S = 12 * 3600;
/** The API's clock and ours may differ by this much. */
const CLOCK_TOLERANCE_S = 5;

/** Reads the API's join tickets and issues this node's resume tokens: JWT, HS256, a key of their own. */
@Injectable()
export class Tickets {
  readonly #key: Uint8Array;

  constructor(@Inject(CONFIG) config: Pick<MediaConfig, 'MEDIA_NODE_SECRET'>) {
    this.#key = deriveKey(config.MEDIA_NODE_SECRET, KEY_INFO.join);
  }

  /** @throws Refusal `token-invalid` for whatever is forged, expired, of another kind, or meant to live longer than it may */
  async verify(token: string, now = new Date()): Promise<TicketClaims> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: now,
      });
      const claims = TicketClaims.parse(payload);
      const livesAtMost = claims.use === 'join' ? JOIN_LIVES_S : RESUME_LIVES_S;
      if (claims.exp - now.getTime() / 1000 > livesAtMost + CLOCK_TOLERANCE_S)
        throw new Error('lives too long');
      return claims;
    } catch {
      throw new Refusal('token-invalid');
    }
  }

  /** A token for the same peer of the same broadcast, with the same rights; 12 h. */
  async issueResume({ broadcastId, peerId, playbackId, mayPublish }: TicketClaims): Promise<string> {
    const claims = { use: 'resume', broadcastId, peerId, mayPublish, ...(playbackId && { playbackId }) };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(Date.now() / 1000) + RESUME_LIVES_S)
      .sign(this.#key);
  }
}
