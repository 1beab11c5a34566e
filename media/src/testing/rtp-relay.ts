import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { buildSenderReport, ntpOfUnixMs } from '../core/rtcp.ts';
import { addTicks, parseRtp, renumbered, timestampDistance } from '../core/rtp.ts';
import { FIRST_FLASH_S, FLASH_EVERY_S } from './clip.ts';

const HOST = '127.0.0.1';
const MARKS_KEPT = 100;
const VIDEO_CLOCK = 90_000;
const SENDER_REPORT = 200;

/** The moment of the clip's start (ms since 1970), one for all of its streams; set by the first packet of any. */
export interface ClipStart {
  atMs?: number;
}

export interface RtpRelayOptions {
  readonly targetPort: number;
  readonly clockRate: number;
  readonly start: ClipStart;
  readonly firstTimestamp?: number | undefined;
}

/** Stands between an RTP sender and the router: moves timestamps, holds packets back, notes when flashes passed.
 * ffmpeg's own reports begin each stream's clock when its muxer did; the relay writes them as a browser would: one clock for all.
 * */
export class RtpRelay {
  /** Wall-clock times at which a flash's first packet passed, the latest hundred (for a stream of pictures). */
  readonly marksAtMs: number[] = [];
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #options: RtpRelayOptions;
  #first: number | undefined;
  #latest: number | undefined;
  #isPaused = false;
  #isClosed = false;

  private constructor(rtp: Socket, rtcp: Socket, options: RtpRelayOptions) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.#options = options;
    rtp.on('message', (bytes) => this.#passPacket(bytes));
    rtcp.on('message', (bytes) => this.#passReport(bytes));
  }

  static async create(options: RtpRelayOptions): Promise<RtpRelay> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, HOST);
      await once(socket, 'listening');
      socket.setRecvBufferSize(4 * 1024 * 1024);
    }
    return new RtpRelay(...sockets, options);
  }

  get rtpPort(): number {
    return this.#rtp.address().port;
  }

  get rtcpPort(): number {
    return this.#rtcp.address().port;
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rtp.close();
    this.#rtcp.close();
  }

  get #shift(): number {
    const { firstTimestamp } = this.#options;
    return firstTimestamp === undefined ? 0 : timestampDistance(this.#first ?? 0, firstTimestamp);
  }

  #passPacket(bytes: Buffer): void {
    const packet = parseRtp(bytes);
    if (packet === undefined) return;
    this.#first ??= packet.timestamp;
    this.#options.start.atMs ??= Date.now();
    if (packet.timestamp !== this.#latest) this.#markFlash(packet.timestamp);
    this.#latest = packet.timestamp;
    if (this.#isPaused) return;
    this.#send(renumbered(packet, packet.sequenceNumber, addTicks(packet.timestamp, this.#shift)));
  }

  #markFlash(timestamp: number): void {
    const ticks = timestampDistance(this.#first ?? timestamp, timestamp) - FIRST_FLASH_S * VIDEO_CLOCK;
    if (ticks < 0 || ticks % (FLASH_EVERY_S * VIDEO_CLOCK) > VIDEO_CLOCK / 60) return;
    this.marksAtMs.push(Date.now());
    if (this.marksAtMs.length > MARKS_KEPT) this.marksAtMs.shift();
  }

  #passReport(bytes: Uint8Array): void {
    const startMs = this.#options.start.atMs;
    if (this.#first === undefined || startMs === undefined || this.#isPaused || bytes[1] !== SENDER_REPORT)
      return;
    const nowMs = Date.now();
    const ticks = ((nowMs - startMs) * this.#options.clockRate) / 1000;
    const ssrc = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
    const rtpTimestamp = addTicks(this.#first, this.#shift + ticks);
    this.#send(buildSenderReport({ ssrc, ntpMs: ntpOfUnixMs(nowMs), rtpTimestamp }));
  }

  #send(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#rtp.send(bytes, this.#options.targetPort, HOST);
  }
}
