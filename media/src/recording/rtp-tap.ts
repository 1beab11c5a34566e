import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { findSenderReport, ntpOfUnixMs } from '../core/rtcp.ts';
import { isRtcp, parseRtp } from '../core/rtp.ts';
import type { Clock } from './clock.ts';
import { TapStream, type TapStreamOptions } from './tap-stream.ts';

interface RtpTapEvents {
  /** No key frame has come for long; or the picture comes again after a pause and cannot be taken up before its next one. */
  keyframewanted: [];
}

export interface RtpTapOptions {
  readonly clock: Clock;
  /** So long at most a picture goes without a key frame before one is wanted. */
  readonly keyFrameEveryMs: number;
}

const HOST = '127.0.0.1';
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
const TICK_MS = 20;
const KEY_FRAME_WANTED_EVERY_MS = 500;
/**
 * The router's first reports are estimates, made before it has heard when the sender captured what; and what ffmpeg sees in its first
 * second decides where its tracks begin. Until then the times of arrival are the better clock.
 */
const REPORTS_AFTER_MS = 2_000;
/** Sound that has not come by now is filled, from the start of the picture on. */
const SOUND_WITHIN_MS = 100;

/**
 * Stands between the router and ffmpeg on UDP. It opens with the first key frame (without a picture: with the first sound), so that
 * both tracks begin at the same moment; keeps each stream going while its sender says nothing; and gives ffmpeg one clock for both.
 */
export class RtpTap extends EventEmitter<RtpTapEvents> {
  readonly #clock: Clock;
  readonly #keyFrameEveryMs: number;
  readonly #incoming: Socket;
  readonly #outgoing: Socket;
  readonly #streams: TapStream[] = [];
  readonly #wallAtMonotonicZero: number;
  #timer: NodeJS.Timeout | undefined;
  #openedAtMs: number | undefined;
  /** From the router's NTP clock to ours: the router's may differ by whatever the wall clock was set since it began. */
  #ntpShift: number | undefined;
  #keyFrameWantedAtMs = -Infinity;
  #isClosed = false;

  private constructor(incoming: Socket, outgoing: Socket, { clock, keyFrameEveryMs }: RtpTapOptions) {
    super();
    this.#clock = clock;
    this.#keyFrameEveryMs = keyFrameEveryMs;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#wallAtMonotonicZero = clock.wallMs() - clock.monotonicMs();
    incoming.on('message', (bytes) => this.#receive(bytes));
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  static async create(options: RtpTapOptions): Promise<RtpTap> {
    const [incoming, outgoing] = await Promise.all([boundSocket(), boundSocket()]);
    incoming.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    outgoing.setSendBufferSize(RECEIVE_BUFFER_BYTES);
    return new RtpTap(incoming, outgoing, options);
  }

  /** Where the router sends all streams, RTP and RTCP. */
  get port(): number {
    return this.#incoming.address().port;
  }

  /**
   * Wall clock of media time 0, ms since 1970; known long before ffmpeg's first output, and better with each packet until then. ffmpeg
   * loses the time of the first picture and puts it where the others begin: the earlier of the first sound and the second picture. It
   * goes by the leading stream's first packet, which may itself have come late.
   */
  get zeroAtMs(): number | undefined {
    const sound = this.#streams.find(({ kind }) => kind === 'audio')?.startedAtMs;
    const picture = this.#streams.find(({ kind }) => kind === 'video')?.secondFrameAtMs;
    if (sound === undefined) return undefined;
    const lateByMs = this.#streams[0]?.startedLateByMs ?? 0;
    return Math.round(this.#wallAtMonotonicZero + Math.min(sound, picture ?? Infinity) - lateByMs);
  }

  /** Adds a stream. The first one added is the one with which the tap opens. */
  add(options: TapStreamOptions): void {
    this.#streams.push(new TapStream(options, (bytes, port) => this.#send(bytes, port)));
  }

  /** Tells ffmpeg that every stream has ended; nothing is passed on afterwards. */
  sayGoodbye(): void {
    this.#stop();
    for (const stream of this.#streams) stream.sayGoodbye();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#stop();
    this.#isClosed = true;
    this.#incoming.close();
    this.#outgoing.close();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#incoming.removeAllListeners('message');
    for (const stream of this.#streams) stream.close();
  }

  #receive(bytes: Uint8Array): void {
    if (isRtcp(bytes)) {
      this.#takeReports(bytes);
      return;
    }
    const packet = parseRtp(bytes);
    if (packet === undefined) return;
    const stream = this.#streams.find(({ ssrc }) => ssrc === packet.ssrc);
    if (stream === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    if (this.#openedAtMs === undefined) {
      if (stream !== this.#streams[0] || !stream.canStartAt(packet)) return;
      this.#openedAtMs = nowMs;
    }
    stream.receive(packet, nowMs, this.#ntpAt(nowMs));
  }

  /**
   * The first report of the leading stream sets the shift, so that it moves nothing; all others keep their distances to it. A stream
   * that is being filled is only guessed at by the router.
   */
  #takeReports(bytes: Uint8Array): void {
    if (this.#clock.monotonicMs() - (this.#openedAtMs ?? Infinity) < REPORTS_AFTER_MS) return;
    for (const stream of this.#streams) {
      const report = findSenderReport(bytes, stream.ssrc);
      if (report === undefined || stream.keeper.isFilling) continue;
      if (stream === this.#streams[0]) this.#ntpShift ??= -(stream.stepOf(report) ?? 0);
      if (this.#ntpShift === undefined) continue;
      const shifted = { ...report, ntpMs: report.ntpMs + this.#ntpShift };
      const stepMs = stream.stepOf(shifted);
      if (stepMs !== undefined && stream.believes(stepMs)) stream.report(shifted);
    }
  }

  #tick(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#missKeyFrame(nowMs);
    if (this.#openedAtMs === undefined) return;
    for (const stream of this.#streams) {
      if (stream.startedAtMs === undefined && nowMs - this.#openedAtMs > SOUND_WITHIN_MS) {
        stream.begin(this.#openedAtMs, this.#ntpAt(this.#openedAtMs));
      }
      stream.tick(nowMs);
      if (stream.keeper.isWaitingToResume) this.#wantKeyFrame(nowMs, KEY_FRAME_WANTED_EVERY_MS);
    }
  }

  #missKeyFrame(nowMs: number): void {
    const picture = this.#streams.find(({ kind }) => kind === 'video');
    if (picture === undefined || nowMs - picture.startableAtMs < this.#keyFrameEveryMs) return;
    this.#wantKeyFrame(nowMs, this.#keyFrameEveryMs);
  }

  /** The epoch's own NTP clock: the wall clock as it was at the start, never set. */
  #ntpAt(monotonicMs: number): number {
    return ntpOfUnixMs(this.#wallAtMonotonicZero + monotonicMs);
  }

  #wantKeyFrame(nowMs: number, everyMs: number): void {
    if (nowMs - this.#keyFrameWantedAtMs < everyMs) return;
    this.#keyFrameWantedAtMs = nowMs;
    this.emit('keyframewanted');
  }

  #send(bytes: Uint8Array, port: number): void {
    if (!this.#isClosed) this.#outgoing.send(bytes, port, HOST);
  }
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket;
}
