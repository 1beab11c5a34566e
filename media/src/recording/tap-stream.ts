import { EarliestStart } from '../core/earliest-start.ts';
import { buildGoodbye, buildSenderReport, type SenderReport } from '../core/rtcp.ts';
import { timestampDistance, type RtpPacket } from '../core/rtp.ts';
import { StreamKeeper, type Filler } from '../core/stream-keeper.ts';

/** One stream that passes the tap, and where ffmpeg listens for it. */
export interface TapStreamOptions {
  readonly kind: 'video' | 'audio';
  readonly ssrc: number;
  readonly clockRate: number;
  readonly filler: Filler;
  readonly target: { readonly rtp: number; readonly rtcp: number };
}

/** Sends a datagram to a port of this machine. */
export type Send = (bytes: Uint8Array, port: number) => void;

/** ffmpeg must have read the first report before the first packet, and it reads them from two sockets. */
const REPORT_AHEAD_MS = 5;

/** A report that moves a stream by more than this is a wrong estimate of the router's, after a pause or a late packet, … */
const MAX_STEP_MS = 100;
/** … unless so many in a row say it. */
const LEAPS_TO_BELIEVE = 5;

/** An instant of the epoch's own NTP clock, and the timestamp that belongs to it. */
type Origin = Omit<SenderReport, 'ssrc'>;

/** One stream on its way through the tap: kept going, and announced to ffmpeg by a sender report before its first packet. */
export class TapStream {
  readonly kind: 'video' | 'audio';
  readonly ssrc: number;
  readonly keeper: StreamKeeper;
  readonly #filler: Filler;
  readonly #clockRate: number;
  readonly #target: TapStreamOptions['target'];
  readonly #send: Send;
  /** What ffmpeg was told last. */
  #origin: Origin | undefined;
  #firstTimestamp: number | undefined;
  #startedAtMs: number | undefined;
  #secondFrameAtMs: number | undefined;
  #earliest: EarliestStart | undefined;
  #startableAtMs = -Infinity;
  #leaps = 0;
  /** What waits for the first report to be read. */
  #held: Uint8Array[] | undefined = [];
  #timer: NodeJS.Timeout | undefined;

  constructor({ kind, ssrc, clockRate, filler, target }: TapStreamOptions, send: Send) {
    this.kind = kind;
    this.ssrc = ssrc;
    this.keeper = new StreamKeeper({ clockRate, filler });
    this.#filler = filler;
    this.#clockRate = clockRate;
    this.#target = target;
    this.#send = send;
  }

  /** When its first packet passed (monotonic ms). */
  get startedAtMs(): number | undefined {
    return this.#startedAtMs;
  }

  /** Where ffmpeg places its second frame, seen from the start (monotonic ms). */
  get secondFrameAtMs(): number | undefined {
    return this.#secondFrameAtMs;
  }

  /** How late the packet was with which the stream began, as far as its later packets tell, in ms. */
  get startedLateByMs(): number {
    return (this.#startedAtMs ?? 0) - (this.#earliest?.atMs ?? this.#startedAtMs ?? 0);
  }

  /** When a packet last came with which media can begin, of a picture the beginning of a key frame (monotonic ms); -Infinity before the first. */
  get startableAtMs(): number {
    return this.#startableAtMs;
  }

  /** Whether media can begin with this packet. */
  canStartAt(packet: RtpPacket): boolean {
    return this.#filler.canResumeAt(packet);
  }

  /** Passes a packet on, as the keeper sees fit. */
  receive(packet: RtpPacket, nowMs: number, ntpMs: number): void {
    if (this.canStartAt(packet)) this.#startableAtMs = nowMs;
    const datagrams = this.keeper.receive(packet, nowMs);
    this.#announce(packet.timestamp, nowMs, ntpMs);
    this.#observe(packet.timestamp, nowMs);
    this.#forward(datagrams);
  }

  /** Begins without the sender: fills from now on. */
  begin(nowMs: number, ntpMs: number): void {
    this.keeper.begin(0, nowMs);
    this.#announce(0, nowMs, ntpMs);
  }

  /** Fills where the sender says nothing. */
  tick(nowMs: number): void {
    this.#forward(this.keeper.tick(nowMs));
  }

  /** By how much a report would move this stream against what ffmpeg has been told, in ms; `undefined` before the start. */
  stepOf({ rtpTimestamp, ntpMs }: Origin): number | undefined {
    if (this.#origin === undefined) return undefined;
    const ticks = timestampDistance(this.#origin.rtpTimestamp, this.keeper.translate(rtpTimestamp));
    return ntpMs - this.#origin.ntpMs - (ticks * 1000) / this.#clockRate;
  }

  /** Whether a report that moves this stream by so much may be passed on. */
  believes(stepMs: number): boolean {
    this.#leaps = Math.abs(stepMs) > MAX_STEP_MS ? this.#leaps + 1 : 0;
    return this.#leaps === 0 || this.#leaps >= LEAPS_TO_BELIEVE;
  }

  /** Passes a sender report on, its instant given in the epoch's NTP time. */
  report({ rtpTimestamp, ntpMs }: Origin): void {
    if (this.#held !== undefined) return;
    this.#leaps = 0;
    this.#origin = { ntpMs, rtpTimestamp: this.keeper.translate(rtpTimestamp) };
    this.#sendReport(this.#origin);
  }

  sayGoodbye(): void {
    this.#send(buildGoodbye(this.ssrc), this.#target.rtcp);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #announce(rtpTimestamp: number, nowMs: number, ntpMs: number): void {
    if (this.#origin !== undefined) return;
    this.#firstTimestamp = rtpTimestamp;
    this.#startedAtMs = nowMs;
    this.#origin = { rtpTimestamp, ntpMs };
    this.#sendReport(this.#origin);
    this.#timer = setTimeout(() => {
      const held = this.#held ?? [];
      this.#held = undefined;
      this.#forward(held);
    }, REPORT_AHEAD_MS);
  }

  #observe(timestamp: number, nowMs: number): void {
    const first = this.#firstTimestamp;
    if (first === undefined || this.#startedAtMs === undefined || this.keeper.hasMoved) return;
    this.#earliest ??= new EarliestStart(this.#clockRate, first, this.#startedAtMs);
    this.#earliest.observe(timestamp, nowMs);
    const sinceFirst = timestampDistance(first, timestamp);
    if (sinceFirst > 0) this.#secondFrameAtMs ??= this.#startedAtMs + (sinceFirst * 1000) / this.#clockRate;
  }

  #sendReport(report: Origin): void {
    this.#send(buildSenderReport({ ...report, ssrc: this.ssrc }), this.#target.rtcp);
  }

  #forward(datagrams: readonly Uint8Array[]): void {
    if (this.#held !== undefined) {
      this.#held.push(...datagrams);
      return;
    }
    for (const bytes of datagrams) this.#send(bytes, this.#target.rtp);
  }
}
