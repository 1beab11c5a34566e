import type { PlaybackMode } from '@yike/contracts/http/viewing';
import type { LineageId, PlaybackId, UserId } from '@yike/contracts/ids';
import type { IntervalSet } from '../../domain/intervals.ts';

/** What a playback session lets its resident read. */
export interface PlaybackGrant {
  readonly playbackId: PlaybackId;
  readonly userId: UserId;
  readonly lineageId: LineageId;
  readonly mode: PlaybackMode;
  /** Unix ms. */
  readonly openedAtMs: number;
  /** The ranges of the timeline; null while a lecture runs: all that there is, from the start. */
  readonly cut: IntervalSet | null;
}

/** Knows the playback sessions. The viewing feature provides it. */
export abstract class PlaybackDirectory {
  /** By the opaque token (43 characters of base64url; its SHA-256 is what is stored). Null if unknown or closed. */
  abstract byToken(token: string): Promise<PlaybackGrant | null>;

  /** Null if unknown or closed. */
  abstract byId(playbackId: PlaybackId): Promise<PlaybackGrant | null>;
}
