import { z } from 'zod';
import { UnixMs } from '../time.ts';

export const TrackKind = z.enum(['video', 'audio']);
export type TrackKind = z.infer<typeof TrackKind>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One object in storage: about 4 s of one track, begun at a key frame. */
export const ManifestSegment = z.object({
  seq: z.int().min(0),
  key: z.string(),
  /** Timeline ms of its first sample; a later epoch may begin anywhere after an earlier one. */
  startMs: z.int().min(0),
  durationMs: z.int().positive(),
  bytes: z.int().positive(),
  sha256: Sha256,
});
export type ManifestSegment = z.infer<typeof ManifestSegment>;

export const ManifestTrack = z.object({
  /** RFC 6381, as the init segment says: `avc1.42c01f`, `mp4a.40.2`. */
  codec: z.string(),
  width: z.int().optional(),
  height: z.int().optional(),
  initKey: z.string(),
  initSha256: Sha256,
  initBytes: z.int(),
  segments: z.array(ManifestSegment),
});
export type ManifestTrack = z.infer<typeof ManifestTrack>;

/**
 * The truth about one epoch's objects, at `recordings/<recordingId>/<epoch>/manifest.json` (assets: `assets/<assetId>/0/…`). It
 * names only what storage has confirmed, and is written again while the epoch runs; `final` once and for all at its end.
 */
export const EpochManifest = z.object({
  version: z.literal(1),
  recordingId: z.string(),
  epoch: z.int().min(0),
  state: z.enum(['running', 'final']),
  /** Wall clock of timeline 0, ms since 1970: the same in every epoch of a recording. */
  timelineZeroAtMs: UnixMs,
  /** Timeline ms of this epoch's media time 0. */
  epochStartMs: z.int().min(0),
  tracks: z.object({ video: ManifestTrack.optional(), audio: ManifestTrack.optional() }),
});
export type EpochManifest = z.infer<typeof EpochManifest>;
