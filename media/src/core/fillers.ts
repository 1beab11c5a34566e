import { KeyFrameMemory, type KeyFrameTest } from './key-frames.ts';
import { parseRtp, serializeRtp, type RtpPacket } from './rtp.ts';
import type { Filler } from './stream-keeper.ts';

/** 20 ms of nothing in Opus: stereo, CELT, one frame, all bands zero. */
const OPUS_SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);
const OPUS_FRAME_TICKS = 960;

/** Fills a stream of sound with silence. */
export class OpusSilence implements Filler {
  readonly firstStep = OPUS_FRAME_TICKS;
  readonly step = OPUS_FRAME_TICKS;
  readonly #frame: readonly RtpPacket[];

  constructor(stream: { readonly payloadType: number; readonly ssrc: number }) {
    const fields = { ...stream, marker: false, sequenceNumber: 0, timestamp: 0, payload: OPUS_SILENCE };
    const packet = parseRtp(serializeRtp(fields));
    this.#frame = packet === undefined ? [] : [packet];
  }

  observe(): void {
    // Silence is always the same.
  }

  frame(): readonly RtpPacket[] {
    return this.#frame;
  }

  canResumeAt(): boolean {
    return true;
  }
}

const VIDEO_TICKS_PER_MS = 90;

/** Fills a stream of pictures with its last key frame, about three times a second. */
export class LastKeyFrame implements Filler {
  readonly firstStep = 33 * VIDEO_TICKS_PER_MS;
  readonly step = 300 * VIDEO_TICKS_PER_MS;
  readonly #memory: KeyFrameMemory;

  constructor(startsKeyFrame: KeyFrameTest) {
    this.#memory = new KeyFrameMemory(startsKeyFrame);
  }

  observe(packet: RtpPacket): void {
    this.#memory.observe(packet);
  }

  frame(): readonly RtpPacket[] {
    return this.#memory.packets;
  }

  /** A picture that refers to those before the pause would be drawn upon the repeated key frame. */
  canResumeAt(packet: RtpPacket): boolean {
    return this.#memory.startsKeyFrame(packet);
  }
}
