import { z } from 'zod';
import { BroadcastId, CourseId, PlaybackId, UnitId } from '../ids.ts';
import { Instant, IntervalMs } from '../time.ts';
import { endpoint, NoContent, page, PageQuery } from './endpoint.ts';

/**
 * How the media reaches the viewer: `webrtc` live; `ll-hls` live through caches, where WebRTC does not come through or is not wanted;
 * `hls-live` from the start while it runs; `hls` the library.
 */
export const PlaybackMode = z.enum(['webrtc', 'll-hls', 'hls-live', 'hls']);
export type PlaybackMode = z.infer<typeof PlaybackMode>;

export const OpenPlayback = z
  .discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('hls'), unitId: UnitId }),
    z.strictObject({ mode: z.literal('hls-live'), broadcastId: BroadcastId }),
    z.strictObject({ mode: z.literal('webrtc'), broadcastId: BroadcastId }),
    z.strictObject({
      mode: z.literal('ll-hls'),
      broadcastId: BroadcastId,
      /** `native`: the system plays and hides the bytes; each address then carries the ticket, and the media node counts. */
      player: z.enum(['hls.js', 'native']),
    }),
  ])
  .meta({ id: 'OpenPlayback' });
export type OpenPlayback = z.infer<typeof OpenPlayback>;

/**
 * One playback session. The client's clock 0 is the moment the answer was made (`openedAt`); every clock value in its beats
 * is milliseconds since then by the client's own monotonic clock.
 */
export const Playback = z
  .object({
    id: PlaybackId,
    mode: PlaybackMode,
    openedAt: Instant,
    /** Playlist address with the opaque token in it; on the media node (maybe another origin) for `ll-hls`; null for WebRTC. */
    playlistUrl: z.string().nullable(),
    /** Where the resident left off, in unit (or live timeline) milliseconds. */
    resumeAtMs: z.int(),
    /**
     * Adds to a unit's clock to give the lineage's timeline: a trimmed replay starts at the trim point. Players report
     * timeline milliseconds.
     */
    timelineOffsetMs: z.int(),
    /** Wall clock of the timeline's 0, ms since 1970: program date time minus this is the timeline's position. Null before media. */
    timelineZeroAtMs: z.int().nullable(),
    beatEveryMs: z.int(),
    maxClaimMs: z.int(),
  })
  .meta({ id: 'Playback' });
export type Playback = z.infer<typeof Playback>;

/** Why a second did not count, or that it did. Their sum is the length of the session. */
export const VerdictReason = z.enum([
  'counted',
  'pending',
  'not-delivered',
  'superseded',
  'over-rate',
  'hidden',
  'presence-missed',
  'repeat',
  'paused',
  'stalled',
  'silent-client',
  'no-media',
  'daily-cap',
  'late',
  'not-published',
]);
export type VerdictReason = z.infer<typeof VerdictReason>;

export const VerdictSum = z.object({ reason: VerdictReason, ms: z.int() });
export type VerdictSum = z.infer<typeof VerdictSum>;

/** The line of truth under the picture. */
export const ViewingSummary = z
  .object({
    watchedMs: z.int(),
    pendingMs: z.int(),
    postedSeconds: z.int(),
    /** Valid time so far and what completion wants, in ms; null while a lecture runs and nothing is required yet. */
    validMs: z.int(),
    requiredMs: z.int().nullable(),
    grantsSeconds: z.int().nullable(),
    completed: z.boolean(),
    /** On the unit's own clock, as `CourseUnit.watched`; on the timeline while a lecture runs. */
    watched: z.array(IntervalMs),
  })
  .meta({ id: 'ViewingSummary' });
export type ViewingSummary = z.infer<typeof ViewingSummary>;

/** One past session with its verdicts: why a minute did or did not count. */
export const ViewingSession = z
  .object({
    id: PlaybackId,
    title: z.string(),
    courseId: CourseId.nullable(),
    mode: PlaybackMode,
    openedAt: Instant,
    closedAt: Instant.nullable(),
    lengthMs: z.int(),
    sums: z.array(VerdictSum),
    verdicts: z.array(z.object({ clockFrom: Instant, clockTo: Instant, reason: VerdictReason })),
  })
  .meta({ id: 'ViewingSession' });
export type ViewingSession = z.infer<typeof ViewingSession>;

/**
 * Opens a session. It does not take the lease: pressing Play does (socket event `lease:take`). 409 `not-published`, `broadcast-not-live`
 * (for `ll-hls` also while nothing is recorded yet); 503 `no-media-node`.
 */
export const openPlayback = endpoint({
  method: 'POST',
  path: '/api/playbacks',
  body: OpenPlayback,
  reply: Playback,
});
/**
 * The same beats as by socket.io, for `sendBeacon` when the page goes away (text/plain body of JSON is accepted, since a beacon
 * cannot ask for a preflight).
 */
export const beaconBeats = endpoint({
  method: 'POST',
  path: '/api/playbacks/:playbackId/beats',
  body: z.unknown(),
  reply: NoContent,
});
export const closePlayback = endpoint({
  method: 'DELETE',
  path: '/api/playbacks/:playbackId',
  reply: NoContent,
});
export const getPlaybackSummary = endpoint({
  method: 'GET',
  path: '/api/playbacks/:playbackId/summary',
  reply: ViewingSummary,
});
export const listViewingSessions = endpoint({
  method: 'GET',
  path: '/api/me/viewing-sessions',
  query: PageQuery,
  reply: page(ViewingSession),
});
