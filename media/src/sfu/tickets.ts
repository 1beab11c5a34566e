import { Inject, Injectable } from '@nestjs/common';
import { KEY_INFO } from '@yike/contracts/control/commands';
import { TicketClaims } from '@yike/contracts/signaling/room';
import { SignJWT, jwtVerify } from 'jose';
import { CONFIG, type MediaConfig } from '../config.ts';
import { deriveKey } from '../control/signature.ts';
import { Refusal } from '../platform/refusal.ts';

const HOURS_S = 3600;
const LIVES_S = { join: 60, resume: 12 * HOURS_S, watch: 12 * HOURS_S } as const;
/** The API's clock and ours may differ by this much. */
const CLOCK_TOLERANCE_S = 5;

/** What a ticket to the live playlists says. */
export type WatchClaims = Omit<TicketClaims, 'use' | 'playbackId'> & { readonly playbackId: string };

/** Reads the API's join tickets and issues this node's resume tokens: JWT, HS256, a key of their own. */
@Injectable()
export class Tickets {
  readonly #key: Uint8Array;

  constructor(@Inject(CONFIG) config: Pick<MediaConfig, 'MEDIA_NODE_SECRET'>) {
    this.#key = deriveKey(config.MEDIA_NODE_SECRET, KEY_INFO.join);
  }

  /**
   * A ticket or a resume token for a room.
   * @throws Refusal `token-invalid` for whatever is forged, expired, of another kind, or meant to live longer than it may
   */
  async verify(token: string, now = new Date()): Promise<TicketClaims> {
    const claims = await this.#read(token, now);
    if (claims.use === 'watch') throw new Refusal('token-invalid');
    return claims;
  }

  /** A ticket to the live playlists, for one playback. @throws Refusal `token-invalid`, as above */
  async verifyWatch(token: string, now = new Date()): Promise<WatchClaims> {
    const { use, playbackId, ...claims } = await this.#read(token, now);
    if (use !== 'watch' || playbackId === undefined || claims.mayPublish) throw new Refusal('token-invalid');
    return { ...claims, playbackId };
  }

  async #read(token: string, now: Date): Promise<TicketClaims> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: now,
      });
      const claims = TicketClaims.parse(payload);
      const livesAtMost = LIVES_S[claims.use] + CLOCK_TOLERANCE_S;
      if (claims.exp - now.getTime() / 1000 > livesAtMost) throw new Error('lives too long');
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
      .setExpirationTime(Math.floor(Date.now() / 1000) + LIVES_S.resume)
      .sign(this.#key);
  }
}
