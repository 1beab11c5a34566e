/** RTP (RFC 3550): what the recorder's tap reads and rewrites, and arithmetic on numbers that wrap. */

/** A packet read in place: `bytes` is the whole datagram, the payload lies at [payloadStart, payloadEnd). */
export interface RtpPacket {
  readonly bytes: Uint8Array;
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

/** What a packet is made of; the payload is copied. */
export interface RtpFields {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const FIXED_HEADER_BYTES = 12;
const VERSION_2 = 2;

/** Whether a datagram of a muxed port is RTCP: packet types 192–223 (RFC 5761, section 4). */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** The packet, or `undefined` where the bytes are none (too short, another version, RTCP). */
export function parseRtp(bytes: Uint8Array): RtpPacket | undefined {
  if (bytes.length < FIXED_HEADER_BYTES || isRtcp(bytes)) return undefined;
  const view = viewOf(bytes);
  const flags = view.getUint8(0);
  if (flags >> 6 !== VERSION_2) return undefined;
  let payloadStart = FIXED_HEADER_BYTES + (flags & 0x0f) * 4;
  if ((flags & 0x10) !== 0) {
    if (bytes.length < payloadStart + 4) return undefined;
    payloadStart += 4 + view.getUint16(payloadStart + 2) * 4;
  }
  const padding = (flags & 0x20) === 0 ? 0 : (bytes.at(-1) ?? 0);
  const payloadEnd = bytes.length - padding;
  if (payloadEnd < payloadStart) return undefined;
  const second = view.getUint8(1);
  return {
    bytes,
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payloadStart,
    payloadEnd,
  };
}

/** A new packet without extensions, contributing sources or padding. */
export function serializeRtp(fields: RtpFields): Uint8Array {
  const bytes = new Uint8Array(FIXED_HEADER_BYTES + fields.payload.length);
  const view = viewOf(bytes);
  view.setUint8(0, VERSION_2 << 6);
  view.setUint8(1, (fields.marker ? 0x80 : 0) | fields.payloadType);
  view.setUint16(2, fields.sequenceNumber);
  view.setUint32(4, fields.timestamp);
  view.setUint32(8, fields.ssrc);
  bytes.set(fields.payload, FIXED_HEADER_BYTES);
  return bytes;
}

/** The packet's bytes under other numbers: the same bytes where nothing changes, else a copy. */
export function renumbered(packet: RtpPacket, sequenceNumber: number, timestamp: number): Uint8Array {
  if (packet.sequenceNumber === sequenceNumber && packet.timestamp === timestamp) return packet.bytes;
  const bytes = packet.bytes.slice();
  const view = viewOf(bytes);
  view.setUint16(2, sequenceNumber);
  view.setUint32(4, timestamp);
  return bytes;
}

/** The packet's payload, not copied. */
export function payloadOf(packet: RtpPacket): Uint8Array {
  return packet.bytes.subarray(packet.payloadStart, packet.payloadEnd);
}

/** How far `to` is ahead of `from` modulo 2^16: −32,768 to 32,767. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** A sequence number moved by an integer, modulo 2^16. */
export function addSequence(sequenceNumber: number, by: number): number {
  return (sequenceNumber + by) & 0xffff;
}

/** How far `to` is ahead of `from` modulo 2^32, in ticks: −2^31 to 2^31 − 1. */
export function timestampDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/** A timestamp moved by a number of ticks (rounded), modulo 2^32. */
export function addTicks(timestamp: number, ticks: number): number {
  return (timestamp + Math.round(ticks)) >>> 0;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
