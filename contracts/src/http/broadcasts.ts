import { z } from 'zod';
import { BroadcastId, PlaybackId, RecordingId } from '../ids.ts';
import { Instant } from '../time.ts';
import { endpoint } from './endpoint.ts';
import { BroadcastState } from './lectures.ts';

export const Broadcast = z
  .object({
    id: BroadcastId,
    recordingId: RecordingId,
    state: BroadcastState,
    endingAt: Instant.nullable(),
    /** When it ends by rule because nobody publishes; null while somebody does. */
    absentUntil: Instant.nullable(),
    viewers: z.int(),
  })
  .meta({ id: 'Broadcast' });
export type Broadcast = z.infer<typeof Broadcast>;

/** A relay for browsers whose network lets nothing else through; its credentials end with the day. */
export const IceServer = z.object({
  urls: z.array(z.string()),
  username: z.string(),
  credential: z.string(),
});
export type IceServer = z.infer<typeof IceServer>;

/** What a browser needs to speak with the media node: a same-origin socket.io path, and a JWT that lives 60 s. */
export const JoinTicket = z
  .object({
    /** socket.io `path`, e.g. `/media/local/socket.io`, at `origin`, or at the page's own where that is null. */
    socketPath: z.string(),
    origin: z.url().nullable(),
    token: z.string(),
    mayPublish: z.boolean(),
    iceServers: z.array(IceServer),
  })
  .meta({ id: 'JoinTicket' });
export type JoinTicket = z.infer<typeof JoinTicket>;

/**
 * The lecturer goes on air: places the broadcast on a media node and opens its room. Idempotent while it runs.
 * 403 for a foreign lecture; 409 `broadcast-ended`; 503 `no-media-node`.
 */
export const startBroadcast = endpoint({
  method: 'POST',
  path: '/api/lectures/:lectureId/broadcast',
  reply: Broadcast,
});
export const getBroadcast = endpoint({
  method: 'GET',
  path: '/api/broadcasts/:broadcastId',
  reply: Broadcast,
});
/** Anyone signed in may watch; only its lecturer may publish. 409 `broadcast-ended`, `broadcast-not-live`; 503 `node-full`. */
export const joinBroadcast = endpoint({
  method: 'POST',
  path: '/api/broadcasts/:broadcastId/join',
  body: z.strictObject({
    as: z.enum(['viewer', 'publisher']),
    /** The viewer's own `webrtc` playback of this broadcast: what is delivered to this peer counts for it. */
    playbackId: PlaybackId.optional(),
    /** A publisher's own window: after a crash it takes its place back at once. Another window has another. */
    studioId: z.uuid().optional(),
  }),
  reply: JoinTicket,
});
/** The lecturer confirms the end: it takes effect 30 s later, or at once with `now`. The replay ends at this moment. */
export const endBroadcast = endpoint({
  method: 'POST',
  path: '/api/broadcasts/:broadcastId/end',
  body: z.strictObject({ now: z.boolean().default(false) }),
  reply: Broadcast,
});
export const undoEndBroadcast = endpoint({
  method: 'POST',
  path: '/api/broadcasts/:broadcastId/undo-end',
  reply: Broadcast,
});
/** An administrator stops it at once. */
export const stopBroadcast = endpoint({
  method: 'POST',
  path: '/api/broadcasts/:broadcastId/stop',
  body: z.strictObject({ reason: z.string().trim().min(2).max(200) }),
  reply: Broadcast,
});
