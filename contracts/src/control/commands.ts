import { z } from 'zod';
import { BroadcastId, MediaNodeId, RecordingId } from '../ids.ts';
import { UnixMs } from '../time.ts';

/**
 * api > media: `PUT /control/broadcasts/:broadcastId`, the state that is wanted; idempotent. A node that does not have the broadcast
 * opens it; `closed` ends the room, finishes the recording and sends `recording.completed`, also after a restart.
 */
export const BroadcastCommand = z.strictObject({
  broadcastId: BroadcastId,
  recordingId: RecordingId,
  state: z.enum(['open', 'closed']),
  /** The block of epochs this placement may use: firstEpoch … firstEpoch + 999. */
  firstEpoch: z.int().min(0),
  /** Known once an earlier epoch has begun anywhere; else the first epoch defines it. */
  timelineZeroAtMs: UnixMs.nullable(),
  closeReason: z.enum(['ended', 'stopped', 'moved']).nullable(),
});
export type BroadcastCommand = z.infer<typeof BroadcastCommand>;

export const BroadcastStatus = z.object({
  broadcastId: BroadcastId,
  state: z.enum(['open', 'closing', 'closed']),
  publisher: z.enum(['absent', 'present']),
  viewers: z.int(),
  lastEpoch: z.int().nullable(),
});
export type BroadcastStatus = z.infer<typeof BroadcastStatus>;

/** media > api: `PUT /api/internal/media-nodes/:nodeId`, at start and every 5 s. The answer names what should be open on this node. */
export const NodeHeartbeat = z.strictObject({
  nodeId: MediaNodeId,
  /** Where the API reaches the node's control: `http://127.0.0.1:8081`. */
  controlUrl: z.url(),
  /** Where browsers reach its signaling: `/media/local/socket.io` on the portal's origin, or on `publicOrigin`. */
  socketPath: z.string(),
  publicOrigin: z.url().nullable(),
  state: z.enum(['ready', 'draining']),
  /** 0–1 of the node's measured capacity. */
  load: z.number().min(0),
  startedAtMs: UnixMs,
});
export type NodeHeartbeat = z.infer<typeof NodeHeartbeat>;
export const NodeHeartbeatReply = z.object({ wanted: z.array(BroadcastCommand) });
export type NodeHeartbeatReply = z.infer<typeof NodeHeartbeatReply>;

/**
 * Signature of every request between api and node, both ways: header `yike-signature: t=<unix ms>,v1=<hex>` with
 * HMAC-SHA256(key, `${t}.${method}.${path}.${body}`); refused when t is more than 60 s off.
 */
export const SIGNATURE_HEADER = 'yike-signature';
export const SIGNATURE_TOLERANCE_MS = 60_000;
/** HKDF-SHA256 infos to derive keys from MEDIA_NODE_SECRET. */
export const KEY_INFO = { control: 'yike/control', join: 'yike/join' } as const;
