import { Injectable } from '@nestjs/common';
import type { LineageId } from '@yike/contracts/ids';
import { Clock } from '../../platform/clock.ts';
import { ExpiringMap } from '../../platform/expiring-map.ts';
import { ADMITTED_FOR_MS, Revocations } from '../../platform/security/revocations.ts';
import type { IndexedSegment } from '../timelines/segment-index.ts';
import type { PlaybackGrant } from './playback-directory.ts';

/** The secrets that a player shows: of the resident's session, and of the playback. */
export interface ShownTokens {
  readonly session: string;
  readonly playback: string;
}

const MOST_PLAYBACKS = 50_000;
const MOST_SEGMENTS = 100_000;
/** The index of an epoch is written anew once, when its recording is complete. */
const SEGMENT_FOR_MS = 60_000;

/**
 * What the database has said lately of playbacks and segments, so that a viewer's hundredth segment costs no question. An ended session
 * and a closed playback are refused at once on this node, and within {@link ADMITTED_FOR_MS} on others; signed addresses live longer anyway.
 */
@Injectable()
export class KnownPlaybacks {
  readonly #grants = new ExpiringMap<{ grant: PlaybackGrant; sessionId: string }>(MOST_PLAYBACKS);
  readonly #segments = new ExpiringMap<IndexedSegment>(MOST_SEGMENTS);

  constructor(
    private readonly revocations: Revocations,
    private readonly clock: Clock,
  ) {}

  keepGrant(tokens: ShownTokens, grant: PlaybackGrant, sessionId: string): void {
    this.#grants.set(keyOf(tokens), { grant, sessionId }, this.clock.nowMs() + ADMITTED_FOR_MS);
  }

  /** Undefined where the database is to be asked. */
  grant(tokens: ShownTokens): PlaybackGrant | undefined {
    const known = this.#grants.get(keyOf(tokens), this.clock.nowMs());
    if (known === undefined || this.revocations.isRevoked(known.sessionId)) return undefined;
    return this.revocations.isRevoked(known.grant.playbackId) ? undefined : known.grant;
  }

  keepSegment(lineageId: LineageId, segment: IndexedSegment): void {
    this.#segments.set(`${lineageId} ${segment.name}`, segment, this.clock.nowMs() + SEGMENT_FOR_MS);
  }

  /** By `<epoch>/<track>/<seq>`; undefined where the database is to be asked. */
  segment(lineageId: LineageId, name: string): IndexedSegment | undefined {
    return this.#segments.get(`${lineageId} ${name}`, this.clock.nowMs());
  }
}

const keyOf = ({ session, playback }: ShownTokens): string => `${session} ${playback}`;
