import { z } from 'zod';
import { BroadcastId, PlaybackId } from '../ids.ts';
import { ViewingSummary } from '../http/viewing.ts';
import type { Problem } from '../problem.ts';
import { BroadcastState } from '../http/lectures.ts';
import { TimelineMs } from '../time.ts';

/** A client's clock: milliseconds since its playback session was opened, by its own monotonic clock. */
const ClockMs = z.int().min(0).max(86_400_000);

/** At most 25 s of clock in one span; the server refuses longer ones whole. */
export const MAX_CLAIM_MS = 25_000;
export const BEAT_EVERY_MS = 10_000;
/** A beat not acknowledged is kept by the client and accepted this long after. */
export const BEAT_GRACE_MS = 600_000;

/**
 * What the player did between two moments of the client's clock.
 * `played` claims a media interval on the timeline; with `hidden` the page was not visible (and not in picture-in-picture).
 */
export const BeatSpan = z
  .discriminatedUnion('did', [
    z.strictObject({
      did: z.literal('played'),
      clockFromMs: ClockMs,
      clockToMs: ClockMs,
      mediaFromMs: TimelineMs,
      mediaToMs: TimelineMs,
      hidden: z.boolean(),
    }),
    z.strictObject({ did: z.enum(['paused', 'stalled']), clockFromMs: ClockMs, clockToMs: ClockMs }),
  ])
  .refine((span) => span.clockFromMs <= span.clockToMs, 'a span ends at or after its start')
  .refine(
    (span) => span.did !== 'played' || span.mediaFromMs <= span.mediaToMs,
    'media ends at or after its start',
  );
export type BeatSpan = z.infer<typeof BeatSpan>;

/** The player had these bytes: SHA-256 (hex) of a segment named as in the playlist, `<epoch>/<track>/<seq>`. */
export const SegmentProof = z.strictObject({
  segment: z.string().regex(/^\d{1,7}\/(?:video|audio)\/\d{1,6}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SegmentProof = z.infer<typeof SegmentProof>;

/**
 * A beat. `seq` rises by one from 1 in each session, and names the beat in its acknowledgement; a beat that comes twice
 * changes nothing. For WebRTC the media interval of a span is ignored: the server places it by the clock.
 */
export const Beat = z.strictObject({
  playbackId: PlaybackId,
  seq: z.int().min(1).max(1_000_000),
  spans: z.array(BeatSpan).max(60),
  proofs: z.array(SegmentProof).max(120),
  /** Where the player stands now, for resuming. */
  positionMs: TimelineMs,
});
export type Beat = z.infer<typeof Beat>;

export const BeatBatch = z.strictObject({ beats: z.array(Beat).min(1).max(70) });
export type BeatBatch = z.infer<typeof BeatBatch>;

/** Comes after the commit. `summary` is the line of truth; `null` when nothing changed since the last. */
export interface BeatAck {
  readonly acknowledged: { playbackId: PlaybackId; seq: number }[];
  readonly summary: z.infer<typeof ViewingSummary> | null;
  readonly holdsLease: boolean;
}

/**
 * Pressing Play. With `insteadOf` nobody pressed: the page goes on with another session of its own, and the lease passes only if that one
 * holds it, or nobody does; else 409 `lease-lost`.
 */
export const TakeLease = z.strictObject({ playbackId: PlaybackId, insteadOf: PlaybackId.optional() });
/** Follow a lecture's state: viewers, ending, ended. */
export const FollowBroadcast = z.strictObject({ broadcastId: BroadcastId });

export const BroadcastNews = z.object({
  broadcastId: BroadcastId,
  state: BroadcastState,
  endingAt: z.iso.datetime().nullable(),
  viewers: z.int(),
  replayCourseId: z.string().nullable(),
});
export type BroadcastNews = z.infer<typeof BroadcastNews>;

/** Every acknowledgement is one of the two: never a thrown error, never silence. */
export type Reply<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/**
 * socket.io between portal and api, at path `/api/socket.io`, default namespace. The handshake is by session cookie;
 * without a session only `broadcast:follow` is answered.
 */
export interface PortalToApi {
  'viewing:beat': (batch: BeatBatch, ack: (reply: Reply<BeatAck>) => void) => void;
  /** A compare-and-set; the older device is told by `lease:lost`. */
  'lease:take': (request: z.infer<typeof TakeLease>, ack: (reply: Reply<{ since: string }>) => void) => void;
  'broadcast:follow': (
    request: z.infer<typeof FollowBroadcast>,
    ack: (reply: Reply<BroadcastNews>) => void,
  ) => void;
}

export interface ApiToPortal {
  'lease:lost': (news: { playbackId: PlaybackId; takenAt: string }) => void;
  'broadcast:news': (news: BroadcastNews) => void;
  'viewing:summary': (news: { playbackId: PlaybackId; summary: z.infer<typeof ViewingSummary> }) => void;
}
