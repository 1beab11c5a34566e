import type { Problem } from '@yike/contracts/problem';
import type {
  ConsumerOptions,
  JoinedRoom,
  MediaToPortal,
  PortalToMedia,
  Reply,
  TransportOptions,
} from '@yike/contracts/signaling/room';
import { io, type Socket } from 'socket.io-client';

type Name = keyof PortalToMedia;
type Asked<E extends Name> = Parameters<PortalToMedia[E]>[0];
type Answered<E extends Name> = Parameters<Parameters<PortalToMedia[E]>[1]>[0] extends infer R
  ? R extends { ok: true; value: infer V }
    ? V
    : never
  : never;

/** What a page of the portal does on its socket, without a browser: all but the media itself. */
export class Page {
  /** Without the map of events: a broken or hostile page sends anything. */
  readonly socket: Socket;
  token: string;

  constructor(url: string, token: string, options: Record<string, unknown> = {}) {
    this.token = token;
    this.socket = io(url, {
      path: '/media/test/socket.io',
      transports: ['websocket'],
      reconnectionDelay: 50,
      forceNew: true,
      auth: (give) => give({ token: this.token }),
      ...options,
    });
  }

  /** Resolves with null when it is let in, else with the reason why not. */
  admitted(): Promise<Problem | Error | null> {
    return new Promise((resolve) => {
      this.socket.once('connect', () => resolve(null));
      this.socket.once('connect_error', (error) =>
        resolve('data' in error ? (error.data as Problem) : error),
      );
    });
  }

  /** One request, with whatever content: the reply as it came. */
  async ask(event: string, content: unknown): Promise<Reply<unknown>> {
    return (await this.socket.timeout(5000).emitWithAck(event, content)) as Reply<unknown>;
  }

  /** One request that must succeed. */
  async must<E extends Name>(event: E, content: Asked<E>): Promise<Answered<E>> {
    const reply = await this.ask(event, content);
    if (!reply.ok) throw new Error(`${event}: ${reply.problem.code} ${reply.problem.detail ?? ''}`);
    return reply.value as Answered<E>;
  }

  /** The code with which a request is refused; `ok` where it is not. */
  async refusal(event: string, content: unknown): Promise<string> {
    const reply = await this.ask(event, content);
    return reply.ok ? 'ok' : reply.problem.code;
  }

  async join(asked: Asked<'room:join'> = {}): Promise<JoinedRoom> {
    return this.must('room:join', asked);
  }

  /** Joins and makes a connected transport. */
  async enter(direction: 'send' | 'receive'): Promise<TransportOptions> {
    await this.join();
    const transport = await this.must('transport:create', { direction });
    await this.must('transport:connect', { transportId: transport.id, dtlsParameters: DTLS });
    return transport;
  }

  async publish(transportId: string, kind: 'audio' | 'video'): Promise<string> {
    const rtpParameters = kind === 'audio' ? opus() : h264();
    return (await this.must('producer:create', { transportId, kind, rtpParameters })).producerId;
  }

  async consumeAll(transportId: string): Promise<ConsumerOptions[]> {
    return this.must('consumer:create-all', { transportId, rtpCapabilities: CAPABILITIES });
  }

  next<E extends keyof MediaToPortal>(event: E): Promise<Parameters<MediaToPortal[E]>[0]> {
    return new Promise((resolve) => void this.socket.once<string>(event, resolve));
  }

  close(): void {
    this.socket.disconnect();
  }
}

export const DTLS = {
  role: 'client' as const,
  fingerprints: [{ algorithm: 'sha-256' as const, value: Array.from({ length: 32 }, () => 'AB').join(':') }],
};

let ssrc = 1000;

export const opus = () => ({
  mid: '0',
  codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc: (ssrc += 2) }],
  rtcp: { cname: 'page' },
});

const H264 = { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 };

export const h264 = () => ({
  mid: '1',
  codecs: [
    {
      mimeType: 'video/H264',
      payloadType: 102,
      clockRate: 90_000,
      parameters: H264,
      rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    },
    { mimeType: 'video/rtx', payloadType: 103, clockRate: 90_000, parameters: { apt: 102 } },
  ],
  encodings: [{ ssrc: (ssrc += 2), rtx: { ssrc: ssrc + 1 } }],
  rtcp: { cname: 'page' },
});

export const vp8 = () => ({
  mid: '1',
  codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }],
  encodings: [{ ssrc: (ssrc += 2) }],
  rtcp: { cname: 'page' },
});

export const CAPABILITIES = {
  codecs: [
    { kind: 'audio', mimeType: 'audio/opus', preferredPayloadType: 100, clockRate: 48_000, channels: 2 },
    { kind: 'video', mimeType: 'video/H264', preferredPayloadType: 101, clockRate: 90_000, parameters: H264 },
  ],
  headerExtensions: [],
};
