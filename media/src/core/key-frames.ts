import { payloadOf, sequenceDistance, type RtpPacket } from './rtp.ts';

/** Whether a payload begins a picture that needs no other. */
export type KeyFrameTest = (payload: Uint8Array) => boolean;

const H264_IDR = 5;
const H264_SPS = 7;
const H264_STAP_A = 24;
const H264_FU_A = 28;
const FU_START = 0x80;

/** H.264 (RFC 6184): parameter sets or the first piece of an IDR picture. */
export const startsH264KeyFrame: KeyFrameTest = (payload) => {
  const type = (payload[0] ?? 0) & 0x1f;
  if (type === H264_STAP_A) return unitTypes(payload).some(isKeyUnit);
  if (type !== H264_FU_A) return isKeyUnit(type);
  const fragment = payload[1] ?? 0;
  return (fragment & FU_START) !== 0 && isKeyUnit(fragment & 0x1f);
};

/** Of the units in one packet: some encoders put a delimiter or a message before the parameter sets. */
function unitTypes(aggregate: Uint8Array): number[] {
  const types = [];
  for (let at = 1; at + 2 < aggregate.length;) {
    types.push((aggregate[at + 2] ?? 0) & 0x1f);
    at += 2 + (((aggregate[at] ?? 0) << 8) | (aggregate[at + 1] ?? 0));
  }
  return types;
}

function isKeyUnit(type: number): boolean {
  return type === H264_SPS || type === H264_IDR;
}

/** VP8 (RFC 7741): the first packet of partition 0 of a frame whose header says key frame. */
export const startsVp8KeyFrame: KeyFrameTest = (payload) => {
  const descriptor = payload[0] ?? 0;
  if ((descriptor & 0x1f) !== 0x10) return false; // S = 1, partition index 0
  let at = 1;
  if ((descriptor & 0x80) !== 0) {
    const extension = payload[at++] ?? 0;
    if ((extension & 0x80) !== 0) at += ((payload[at] ?? 0) & 0x80) === 0 ? 1 : 2; // picture id, 7 or 15 bits
    if ((extension & 0x40) !== 0) at += 1; // TL0PICIDX
    if ((extension & 0x30) !== 0) at += 1; // TID, KEYIDX
  }
  return at < payload.length && ((payload[at] ?? 1) & 1) === 0;
};

/** A key frame of more packets than this (about 1.2 MB) is not worth keeping. */
const MAX_PACKETS = 1024;

/** Keeps the packets of the last whole key frame of a stream, whatever order they came in. */
export class KeyFrameMemory {
  readonly #startsKeyFrame: KeyFrameTest;
  #whole: readonly RtpPacket[] = [];
  #coming: RtpPacket[] = [];

  constructor(startsKeyFrame: KeyFrameTest) {
    this.#startsKeyFrame = startsKeyFrame;
  }

  /** The packets of the last whole key frame in order; empty before the first. Not to be changed. */
  get packets(): readonly RtpPacket[] {
    return this.#whole;
  }

  startsKeyFrame(packet: RtpPacket): boolean {
    return this.#startsKeyFrame(payloadOf(packet));
  }

  /** Learns from a packet of the stream; its bytes are kept, not copied. */
  observe(packet: RtpPacket): void {
    if (packet.timestamp !== this.#coming[0]?.timestamp) {
      if (!this.startsKeyFrame(packet)) return;
      this.#coming = [];
    }
    if (this.#coming.length === MAX_PACKETS) return;
    this.#coming.push(packet);
    if (!this.#coming.some(({ marker }) => marker)) return;
    const inOrder = this.#coming.toSorted((a, b) => sequenceDistance(b.sequenceNumber, a.sequenceNumber));
    if (isWhole(inOrder)) this.#whole = inOrder;
  }
}

function isWhole(packets: readonly RtpPacket[]): boolean {
  const first = packets[0];
  const last = packets.at(-1);
  if (first === undefined || !last?.marker) return false;
  return sequenceDistance(first.sequenceNumber, last.sequenceNumber) === packets.length - 1;
}
