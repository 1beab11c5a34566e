import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { addTicks, parseRtp, renumbered, timestampDistance } from '../core/rtp.ts';
import { FLASH_EVERY_S } from './clip.ts';

const HOST = '127.0.0.1';
const MARKS_KEPT = 100;
const VIDEO_CLOCK = 90_000;
const SENDER_REPORT = 200;

/** Stands between an RTP sender and the router: moves timestamps, holds packets back, notes when flashes passed. */
export class RtpRelay {
  /** Wall-clock times at which a flash's first packet passed, the latest hundred (for a stream of pictures). */
  readonly marksAtMs: number[] = [];
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #targetPort: number;
  readonly #wantedFirst: number | undefined;
  #first: number | undefined;
  #latest: number | undefined;
  #isPaused = false;
  #isClosed = false;

  private constructor(rtp: Socket, rtcp: Socket, targetPort: number, wantedFirst: number | undefined) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.#targetPort = targetPort;
    this.#wantedFirst = wantedFirst;
    rtp.on('message', (bytes) => this.#passPacket(bytes));
    rtcp.on('message', (bytes) => this.#passReport(bytes));
  }

  static async create(options: {
    targetPort: number;
    firstTimestamp?: number | undefined;
  }): Promise<RtpRelay> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, HOST);
      await once(socket, 'listening');
      socket.setRecvBufferSize(4 * 1024 * 1024);
    }
    return new RtpRelay(...sockets, options.targetPort, options.firstTimestamp);
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
    return this.#wantedFirst === undefined ? 0 : timestampDistance(this.#first ?? 0, this.#wantedFirst);
  }

  #passPacket(bytes: Buffer): void {
    const packet = parseRtp(bytes);
    if (packet === undefined) return;
    this.#first ??= packet.timestamp;
    if (packet.timestamp !== this.#latest) this.#markFlash(packet.timestamp);
    this.#latest = packet.timestamp;
    if (this.#isPaused) return;
    this.#send(renumbered(packet, packet.sequenceNumber, addTicks(packet.timestamp, this.#shift)));
  }

  #markFlash(timestamp: number): void {
    const ticks = timestampDistance(this.#first ?? timestamp, timestamp);
    const period = FLASH_EVERY_S * VIDEO_CLOCK;
    if (Math.floor(ticks / period) === Math.floor((ticks - 1) / period) && ticks !== 0) return;
    if (ticks % period > VIDEO_CLOCK / 60) return;
    this.marksAtMs.push(Date.now());
    if (this.marksAtMs.length > MARKS_KEPT) this.marksAtMs.shift();
  }

  #passReport(bytes: Buffer): void {
    if (this.#first === undefined || this.#isPaused) return;
    if (bytes[1] === SENDER_REPORT) bytes.writeUInt32BE(addTicks(bytes.readUInt32BE(16), this.#shift), 16);
    this.#send(bytes);
  }

  #send(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#rtp.send(bytes, this.#targetPort, HOST);
  }
}
