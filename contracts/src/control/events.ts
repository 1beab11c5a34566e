import { z } from 'zod';
import { BroadcastId, EventId, MediaNodeId, PlaybackId, RecordingId } from '../ids.ts';
import { UnixMs } from '../time.ts';
import { ManifestSegment, ManifestTrack, TrackKind } from './manifest.ts';

const common = {
  id: EventId,
  nodeId: MediaNodeId,
  broadcastId: BroadcastId,
  recordingId: RecordingId,
  /** The recorder's epoch, or that of the latest where no recorder runs; `n` counts a node's events of a broadcast. */
  epoch: z.int().min(0),
  n: z.int().min(0),
  atMs: UnixMs,
};

/**
 * Wall-clock windows in which this viewer was served. `bytes`: media itself went to him (his consumers, or addresses of his own).
 * `reloads`: he kept reloading the playlist; the media came from caches, so he must prove possession beside it.
 */
export const DeliveryLine = z.strictObject({
  playbackId: PlaybackId,
  by: z.enum(['bytes', 'reloads']).default('bytes'),
  windows: z.array(z.strictObject({ fromMs: UnixMs, toMs: UnixMs })).max(20),
  bytes: z.int().min(0),
});
export type DeliveryLine = z.infer<typeof DeliveryLine>;

export const MediaEvent = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('publisher.joined') }),
  z.strictObject({ ...common, type: z.literal('publisher.left') }),
  /** The recorder's anchor: media time 0 of the epoch is this wall clock. */
  z.strictObject({
    ...common,
    type: z.literal('recording.epoch-started'),
    timelineZeroAtMs: UnixMs,
    epochStartMs: z.int().min(0),
  }),
  /** Storage has confirmed these; `track` comes whole in the first of each track, with an empty list. */
  z.strictObject({
    ...common,
    type: z.literal('recording.segments-stored'),
    timelineZeroAtMs: UnixMs,
    tracks: z.array(
      z.strictObject({
        kind: TrackKind,
        track: ManifestTrack.omit({ segments: true }),
        segments: z.array(ManifestSegment),
      }),
    ),
  }),
  /**
   * Sufficient by itself: the API reads the manifests named here, checks their hashes, and replaces its index by them.
   * `degraded`: the spool was full or a segment was lost; the gaps in the manifests tell where.
   */
  z.strictObject({
    ...common,
    type: z.literal('recording.completed'),
    timelineZeroAtMs: UnixMs.nullable(),
    degraded: z.boolean(),
    epochs: z.array(
      z.strictObject({
        epoch: z.int().min(0),
        manifestKey: z.string(),
        manifestSha256: z.string().regex(/^[0-9a-f]{64}$/),
        segments: z.int().min(0),
      }),
    ),
  }),
  /** One report per room and 10 s. Never needed for the recording; old ones are dropped first when the outbox is full. */
  z.strictObject({ ...common, type: z.literal('delivery.report'), lines: z.array(DeliveryLine) }),
  z.strictObject({ ...common, type: z.literal('room.viewers'), viewers: z.int().min(0) }),
]);
export type MediaEvent = z.infer<typeof MediaEvent>;
export type MediaEventOf<T extends MediaEvent['type']> = Extract<MediaEvent, { type: T }>;

/** media > api: `POST /api/internal/media-events`, signed, at least once, deduplicated by id in the effect's transaction. */
export const MediaEventBatch = z.strictObject({ events: z.array(MediaEvent).min(1).max(500) });
export type MediaEventBatch = z.infer<typeof MediaEventBatch>;
/** The ids that are committed; the node drops these from its outbox. A poisonous event is answered in `refused` and parked. */
export const MediaEventReply = z.object({
  accepted: z.array(EventId),
  refused: z.array(z.object({ id: EventId, reason: z.string() })),
});
export type MediaEventReply = z.infer<typeof MediaEventReply>;
