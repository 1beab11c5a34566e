/** RTCP (RFC 3550, section 6): the two messages that the recorder sends to ffmpeg, and the one that it reads. */

/** The instant and the media timestamp that name the same moment of a stream. */
export interface SenderReport {
  readonly ssrc: number;
  /** Milliseconds since 1900 of the sender's clock; fractions are kept to about a microsecond. */
  readonly ntpMs: number;
  readonly rtpTimestamp: number;
}

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const GOODBYE = 203;
const VERSION_2 = 0x80;
const SENDER_REPORT_BYTES = 28;
const NTP_FRACTIONS = 2 ** 32;
/** NTP counts seconds since 1900 modulo 2^32; Unix since 1970. */
const UNIX_TO_NTP_MS = 2_208_988_800_000;

/** The NTP time of a Unix time, both in milliseconds. */
export function ntpOfUnixMs(unixMs: number): number {
  return unixMs + UNIX_TO_NTP_MS;
}

/** A report of 28 bytes without report blocks; its counts of packets and octets are 0, as ffmpeg reads neither. */
export function buildSenderReport({ ssrc, ntpMs, rtpTimestamp }: SenderReport): Uint8Array {
  const bytes = new Uint8Array(SENDER_REPORT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION_2);
  view.setUint8(1, SENDER_REPORT);
  view.setUint16(2, SENDER_REPORT_BYTES / 4 - 1);
  view.setUint32(4, ssrc);
  const seconds = Math.floor(ntpMs / 1000);
  view.setUint32(8, seconds % 2 ** 32);
  view.setUint32(12, Math.floor(((ntpMs - seconds * 1000) / 1000) * NTP_FRACTIONS));
  view.setUint32(16, rtpTimestamp);
  return bytes;
}

/** An empty receiver report and a goodbye, 16 bytes: what makes ffmpeg take the stream for ended. */
export function buildGoodbye(ssrc: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION_2);
  view.setUint8(1, RECEIVER_REPORT);
  view.setUint16(2, 1);
  view.setUint32(4, ssrc);
  view.setUint8(8, VERSION_2 | 1);
  view.setUint8(9, GOODBYE);
  view.setUint16(10, 1);
  view.setUint32(12, ssrc);
  return bytes;
}

/** The sender report of this stream in a compound packet, where there is one. */
export function findSenderReport(bytes: Uint8Array, ssrc: number): SenderReport | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 4 + view.getUint16(at + 2) * 4) {
    if (view.getUint8(at + 1) !== SENDER_REPORT || at + 20 > bytes.length) continue;
    if (view.getUint32(at + 4) !== ssrc) continue;
    return {
      ssrc,
      ntpMs: view.getUint32(at + 8) * 1000 + (view.getUint32(at + 12) / NTP_FRACTIONS) * 1000,
      rtpTimestamp: view.getUint32(at + 16),
    };
  }
  return undefined;
}
