import { z } from 'zod';
import { RequestId } from '../request-id.ts';
import type { Problem } from '../problem.ts';

/**
 * The claims of the API's join ticket (HS256, 60 s), of the node's own resume token (12 h), and of the API's ticket to the live
 * playlists (12 h, `use: watch`, with a playback; `counted`: each address carries the ticket, and the node counts the bytes).
 */
export const TicketClaims = z.object({
  use: z.enum(['join', 'resume', 'watch']),
  broadcastId: z.string(),
  peerId: z.string(),
  /** The playback session whose delivery is counted; absent for the publisher. */
  playbackId: z.string().optional(),
  mayPublish: z.boolean(),
  counted: z.boolean().optional(),
  exp: z.int(),
});
export type TicketClaims = z.infer<typeof TicketClaims>;

/** socket.io handshake `auth`. */
export const HandshakeAuth = z.strictObject({ token: z.string().max(2000), requestId: RequestId.optional() });

const MediaId = z.string().min(1).max(64);
export const MediaKind = z.enum(['audio', 'video']);

const Ssrc = z.int().min(1).max(0xffff_ffff);
const PayloadType = z.int().min(0).max(127);
const Parameters = z.record(
  z.string().max(64),
  z.union([z.string().max(512), z.number(), z.boolean(), z.null()]),
);
const Feedback = z
  .array(z.object({ type: z.string().max(32), parameter: z.string().max(32).optional() }))
  .max(16);

/** mediasoup's RtpParameters, as far as a publisher may say them; sizes are bounded. */
export const RtpParameters = z.object({
  mid: z.string().max(16).optional(),
  msid: z.string().max(200).optional(),
  codecs: z
    .array(
      z.object({
        mimeType: z.string().max(64),
        payloadType: PayloadType,
        clockRate: z.int().positive(),
        channels: z.int().min(1).max(8).optional(),
        parameters: Parameters.optional(),
        rtcpFeedback: Feedback.optional(),
      }),
    )
    .min(1)
    .max(8),
  headerExtensions: z
    .array(
      z.object({
        uri: z.string().max(200),
        id: z.int().min(1).max(255),
        encrypt: z.boolean().optional(),
        parameters: Parameters.optional(),
      }),
    )
    .max(32)
    .optional(),
  encodings: z
    .array(
      z.looseObject({
        ssrc: Ssrc.optional(),
        rid: z.string().max(16).optional(),
        rtx: z.object({ ssrc: Ssrc }).optional(),
        dtx: z.boolean().optional(),
        maxBitrate: z.number().positive().optional(),
      }),
    )
    .min(1)
    .max(3)
    .optional(),
  rtcp: z
    .object({
      cname: z.string().max(200).optional(),
      reducedSize: z.boolean().optional(),
      mux: z.boolean().optional(),
    })
    .optional(),
});
export type RtpParametersIn = z.infer<typeof RtpParameters>;

/** What a viewer can receive; passed to mediasoup, which checks it; bounded by the message size (64 kB). */
export const RtpCapabilities = z.looseObject({
  codecs: z.array(z.looseObject({})).max(64).optional(),
  headerExtensions: z.array(z.looseObject({})).max(64).optional(),
});

export const DtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^[0-9A-Fa-f:]{10,200}$/),
      }),
    )
    .min(1)
    .max(8),
});

const Direction = z.enum(['send', 'receive']);
/** With a direction, the first transport is made in the same breath. */
export const JoinRoom = z.strictObject({ direction: Direction.optional() });
export const CreateTransport = z.strictObject({ direction: Direction });
export const ConnectTransport = z.strictObject({ transportId: MediaId, dtlsParameters: DtlsParameters });
export const Produce = z.strictObject({
  transportId: MediaId,
  kind: MediaKind,
  rtpParameters: RtpParameters,
});
export const ProducerRef = z.strictObject({ producerId: MediaId });
export const Consume = z.strictObject({ transportId: MediaId, rtpCapabilities: RtpCapabilities });
export const ConsumerRef = z.strictObject({ consumerId: MediaId });

/** JSON shapes that mediasoup defines; they pass through unchanged, so the contract does not repeat them. */
export type Opaque = Record<string, unknown>;

export interface JoinedRoom {
  readonly routerRtpCapabilities: Opaque;
  /** Reconnects while the API is away. */
  readonly resumeToken: string;
  /** The peer came back in time: its transports, producers and consumers are as they were. Else the page makes them anew. */
  readonly resumed: boolean;
  readonly state: RoomState;
  /** The one that was asked for with a direction; absent where the peer came back to its own. */
  readonly transport?: TransportOptions;
}
export interface TransportOptions {
  readonly id: string;
  readonly iceParameters: Opaque;
  readonly iceCandidates: Opaque[];
  readonly dtlsParameters: Opaque;
}
export interface ConsumerOptions {
  readonly id: string;
  readonly producerId: string;
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: Opaque;
}

/** What everyone in the room may know. */
export interface RoomState {
  readonly publisher: 'absent' | 'present';
  readonly kinds: ('audio' | 'video')[];
  readonly viewers: number;
}

/** For the lecturer: is all right? Numbers only; the portal finds the words. */
export interface BroadcastHealth {
  readonly recording: 'off' | 'starting' | 'running' | 'waiting' | 'degraded';
  /** Timeline length that is in object storage, and what still waits in the spool. */
  readonly savedMs: number;
  readonly waitingBytes: number;
  readonly viewers: number;
  /** Bits per second that arrive, over the last seconds. */
  readonly videoBitrate: number;
  readonly audioBitrate: number;
  /** 0–1 of packets lost on the way up. */
  readonly lossUp: number;
}

export type Reply<T> = { ok: true; value: T } | { ok: false; problem: Problem };
type Ack<T> = (reply: Reply<T>) => void;

/**
 * socket.io between portal and media node, path `/media/<nodeId>/socket.io`. Order: join, transport, connect, produce or consume, resume. A
 * peer's requests are done in the order in which they came, so a page need not wait for one answer before it asks the next.
 */
export interface PortalToMedia {
  'room:join': (request: z.infer<typeof JoinRoom>, ack: Ack<JoinedRoom>) => void;
  'transport:create': (request: z.infer<typeof CreateTransport>, ack: Ack<TransportOptions>) => void;
  'transport:connect': (request: z.infer<typeof ConnectTransport>, ack: Ack<null>) => void;
  /** Publisher only; one of each kind: 409 `already-publishing`. 503 `transcoder-full`: send H.264, or sound alone. */
  'producer:create': (request: z.infer<typeof Produce>, ack: Ack<{ producerId: string }>) => void;
  'producer:pause': (request: z.infer<typeof ProducerRef>, ack: Ack<null>) => void;
  'producer:resume': (request: z.infer<typeof ProducerRef>, ack: Ack<null>) => void;
  'producer:close': (request: z.infer<typeof ProducerRef>, ack: Ack<null>) => void;
  /** Everything that is published now, as paused consumers. Ask again after `room:producers`. */
  'consumer:create-all': (request: z.infer<typeof Consume>, ack: Ack<ConsumerOptions[]>) => void;
  /** Starts it; for video a key frame is requested. */
  'consumer:resume': (request: z.infer<typeof ConsumerRef>, ack: Ack<null>) => void;
}

/** What a message does in the room. Publishing is for a ticket that says so (`mayPublish`); the rest for every ticket. */
export type RoomAction = 'room.join' | 'room.connect' | 'room.watch' | 'room.publish';

/** Every message names its action; there are no others. */
export const ROOM_ACTIONS: Readonly<Record<keyof PortalToMedia, RoomAction>> = {
  'room:join': 'room.join',
  'transport:create': 'room.connect',
  'transport:connect': 'room.connect',
  'producer:create': 'room.publish',
  'producer:pause': 'room.publish',
  'producer:resume': 'room.publish',
  'producer:close': 'room.publish',
  'consumer:create-all': 'room.watch',
  'consumer:resume': 'room.watch',
};

export interface MediaToPortal {
  /** The set of producers changed: consume again. */
  'room:producers': (state: RoomState) => void;
  'room:state': (state: RoomState) => void;
  'room:closed': (news: { reason: 'ended' | 'stopped' | 'moved' | 'draining' }) => void;
  'consumer:closed': (news: { consumerId: string }) => void;
  'broadcast:health': (health: BroadcastHealth) => void;
}
