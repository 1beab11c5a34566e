import {
  addSequence,
  addTicks,
  renumbered,
  sequenceDistance,
  timestampDistance,
  type RtpPacket,
} from './rtp.ts';

/** What is sent while a stream says nothing, so that no player waits for it. */
export interface Filler {
  /** Ticks from the last real frame to the first filled one, and from one filled frame to the next. */
  readonly firstStep: number;
  readonly step: number;
  /** Learns from a real packet. */
  observe(packet: RtpPacket): void;
  /** The packets of one filled frame, under any numbers; empty while nothing is known yet. */
  frame(): readonly RtpPacket[];
  /** Whether the real stream can be taken up again at this packet. */
  canResumeAt(packet: RtpPacket): boolean;
}

export interface KeeperOptions {
  readonly clockRate: number;
  readonly filler: Filler;
}

/** Silent for longer than this, a stream is filled; the filling stays so far behind the clock. */
const IDLE_AFTER_MS = 300;
/** A timestamp further than this from where the clock expects it is a new count, not a delay. */
const JUMP_MS = 5_000;
/** Packets older than so many are junk; a count that falls back further has begun anew. */
const LATE_PACKETS = 1_000;
/** How long a returning stream may make us wait for a packet at which it can be taken up. */
const PATIENCE_MS = 2_000;
/** After the process itself was stopped for a while, a tick makes up for it in pieces. */
const MAX_FRAMES_A_TICK = 25;

/** Where the stream is: `real*` is the last true packet, `sent*` the furthest that has been passed on. */
interface Position {
  realTimestamp: number;
  realAtMs: number;
  sentTimestamp: number;
  sentSequence: number;
}

/**
 * Keeps one RTP stream going, whatever its sender does: passes packets on, fills silences, and takes the real stream up again
 * without a hole. What comes out has unique sequence numbers, and timestamps that never fall as those numbers rise. Packets out
 * of order pass as they are (ffmpeg's queue sorts them), except those that the filling has already stood in for.
 *
 * All times are monotonic milliseconds, given by the caller; the keeper does nothing by itself.
 */
export class StreamKeeper {
  readonly #ticksPerMs: number;
  readonly #filler: Filler;
  #position: Position | undefined;
  #sequenceShift = 0;
  #tickShift = 0;
  /** The highest real sequence number seen, and the lowest that may still pass. */
  #highest: number | undefined;
  #floor = 0;
  #isFilling = false;
  #returningSinceMs: number | undefined;

  constructor({ clockRate, filler }: KeeperOptions) {
    this.#ticksPerMs = clockRate / 1000;
    this.#filler = filler;
  }

  /** The stream stands still for now and is being filled. */
  get isFilling(): boolean {
    return this.#isFilling;
  }

  /** Real packets come again, but none at which the stream can be taken up: a key frame is wanted. */
  get isWaitingToResume(): boolean {
    return this.#returningSinceMs !== undefined;
  }

  /** The sender's count of time was not taken over as it is. */
  get hasMoved(): boolean {
    return this.#tickShift !== 0;
  }

  /** The timestamp under which ffmpeg knows what the sender calls `timestamp`. */
  translate(timestamp: number): number {
    return addTicks(timestamp, this.#tickShift);
  }

  /**
   * Begins the stream without its sender: the first filled frame is that of `timestamp`, the moment `nowMs`; the sender's packets
   * join when they come.
   */
  begin(timestamp: number, nowMs: number): void {
    const { step } = this.#filler;
    const before = addTicks(timestamp, -step);
    this.#position = {
      realTimestamp: before,
      realAtMs: nowMs - step / this.#ticksPerMs,
      sentTimestamp: before,
      sentSequence: 0,
    };
    this.#isFilling = true;
  }

  /** Takes a packet of the sender. @returns the datagrams to send now, in order */
  receive(packet: RtpPacket, nowMs: number): Uint8Array[] {
    this.#filler.observe(packet);
    const position = this.#position;
    if (position === undefined) return this.#start(packet, nowMs);
    if (this.#isTooLate(packet)) return [];
    this.#followJump(packet, position, nowMs);
    const isNewest = this.#noteHighest(packet.sequenceNumber);
    if (this.#isFilling) return this.#resume(packet, position, nowMs);
    if (isNewest && this.#fallsBack(packet, position)) return this.#skip(packet, position);
    return [this.#pass(packet, position, isNewest ? nowMs : undefined)];
  }

  /** To be called every 20 ms or so. @returns the datagrams to send now, in order */
  tick(nowMs: number): Uint8Array[] {
    const position = this.#position;
    if (position === undefined) return [];
    const dueTicks = (nowMs - position.realAtMs - IDLE_AFTER_MS) * this.#ticksPerMs;
    const horizon = addTicks(position.realTimestamp, dueTicks);
    if (dueTicks <= 0) return [];
    return this.#fillTo(horizon, position, MAX_FRAMES_A_TICK);
  }

  #start(packet: RtpPacket, nowMs: number): Uint8Array[] {
    this.#highest = this.#floor = packet.sequenceNumber;
    this.#position = {
      realTimestamp: packet.timestamp,
      realAtMs: nowMs,
      sentTimestamp: packet.timestamp,
      sentSequence: packet.sequenceNumber,
    };
    return [packet.bytes];
  }

  /** What the filling has stood in for, or what came before the start, never passes. */
  #isTooLate(packet: RtpPacket): boolean {
    if (this.#highest === undefined) return false;
    if (sequenceDistance(this.#highest, packet.sequenceNumber) < -LATE_PACKETS) return false;
    return sequenceDistance(this.#floor, packet.sequenceNumber) < 0;
  }

  /** A sender whose timestamps or sequence numbers begin anew goes on where the clock says it is. */
  #followJump(packet: RtpPacket, position: Position, nowMs: number): void {
    const elapsed = (nowMs - position.realAtMs) * this.#ticksPerMs;
    const expected = addTicks(position.realTimestamp, elapsed);
    const isFirst = this.#highest === undefined;
    const drift = timestampDistance(expected, this.translate(packet.timestamp));
    const hasNewTime = isFirst || Math.abs(drift) > JUMP_MS * this.#ticksPerMs;
    const isNewCount = isFirst || sequenceDistance(this.#highest ?? 0, packet.sequenceNumber) < -LATE_PACKETS;
    if (!hasNewTime && !isNewCount) return;
    if (hasNewTime) {
      const soonest = addTicks(position.sentTimestamp, 1);
      const target = timestampDistance(soonest, expected) > 0 ? expected : soonest;
      this.#tickShift = timestampDistance(packet.timestamp, target);
    }
    this.#highest = packet.sequenceNumber;
    this.#goOnAt(packet.sequenceNumber, position);
  }

  /** The next number to send shall be this packet's; what came before it in the sender's count is over. */
  #goOnAt(sequenceNumber: number, position: Position): void {
    this.#sequenceShift = sequenceDistance(sequenceNumber, addSequence(position.sentSequence, 1));
    this.#floor = sequenceNumber;
  }

  /** @returns whether no later packet has come before */
  #noteHighest(sequenceNumber: number): boolean {
    if (this.#highest !== undefined && sequenceDistance(this.#highest, sequenceNumber) < 0) return false;
    this.#highest = sequenceNumber;
    if (sequenceDistance(this.#floor, sequenceNumber) > LATE_PACKETS) {
      this.#floor = addSequence(sequenceNumber, -LATE_PACKETS);
    }
    return true;
  }

  #fallsBack(packet: RtpPacket, position: Position): boolean {
    return timestampDistance(position.sentTimestamp, this.translate(packet.timestamp)) < 0;
  }

  /** Leaves a packet out, and its number too. */
  #skip(packet: RtpPacket, position: Position): Uint8Array[] {
    this.#goOnAt(addSequence(packet.sequenceNumber, 1), position);
    return [];
  }

  #resume(packet: RtpPacket, position: Position, nowMs: number): Uint8Array[] {
    const timestamp = this.translate(packet.timestamp);
    if (timestampDistance(position.sentTimestamp, timestamp) <= 0) return [];
    this.#returningSinceMs ??= nowMs;
    const isPatient = nowMs - this.#returningSinceMs < PATIENCE_MS;
    if (isPatient && !this.#filler.canResumeAt(packet)) return [];
    const filled = this.#fillTo(addTicks(timestamp, -this.#filler.step), position, Infinity);
    this.#isFilling = false;
    this.#returningSinceMs = undefined;
    this.#goOnAt(packet.sequenceNumber, position);
    return [...filled, this.#pass(packet, position, nowMs)];
  }

  /** @param newestAtMs when it came, for the newest packet of the stream only */
  #pass(packet: RtpPacket, position: Position, newestAtMs: number | undefined): Uint8Array {
    const timestamp = this.translate(packet.timestamp);
    const sequence = addSequence(packet.sequenceNumber, this.#sequenceShift);
    if (newestAtMs !== undefined) {
      position.realAtMs = newestAtMs;
      position.realTimestamp = timestamp;
      position.sentTimestamp = timestamp;
      position.sentSequence = sequence;
    }
    return renumbered(packet, sequence, timestamp);
  }

  #fillTo(horizon: number, position: Position, maxFrames: number): Uint8Array[] {
    const frame = this.#filler.frame();
    const filled: Uint8Array[] = [];
    if (frame.length === 0) return filled;
    for (let count = 0; count < maxFrames; count += 1) {
      const next = addTicks(
        position.sentTimestamp,
        this.#isFilling ? this.#filler.step : this.#filler.firstStep,
      );
      if (timestampDistance(next, horizon) < 0) break;
      this.#isFilling = true;
      position.sentTimestamp = next;
      for (const packet of frame) {
        position.sentSequence = addSequence(position.sentSequence, 1);
        filled.push(renumbered(packet, position.sentSequence, next));
      }
    }
    return filled;
  }
}
