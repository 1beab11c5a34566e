import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** RFC 8489 and 8445: the attributes of a browser's check that chooses its candidate. */
const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlling: 0x802a,
} as const;
const BINDING_REQUEST = Buffer.from('00010000' + '2112a442', 'hex');
const FINGERPRINT_XOR = 0x5354554e;
/** Of a host candidate, UDP. */
const PRIORITY = 0x7e_ff_ff_ff;

/** A connectivity check that a full ICE agent sends to a lite one: valid, controlling, and choosing this pair. */
export function bindingRequest(remote: { usernameFragment: string; password: string }): Buffer {
  const username = Buffer.from(`${remote.usernameFragment}:testpeer`);
  const message = [
    BINDING_REQUEST,
    randomBytes(12),
    attribute(ATTRIBUTE.username, username),
    attribute(ATTRIBUTE.priority, uint32(PRIORITY)),
    attribute(ATTRIBUTE.iceControlling, randomBytes(8)),
    attribute(ATTRIBUTE.useCandidate, Buffer.alloc(0)),
  ];
  // Each of the last two is made over all before it, with a length that already counts it.
  const integrity = createHmac('sha1', remote.password).update(withLength(message, 24)).digest();
  message.push(attribute(ATTRIBUTE.messageIntegrity, integrity));
  const fingerprint = (crc32(withLength(message, 8)) ^ FINGERPRINT_XOR) >>> 0;
  message.push(attribute(ATTRIBUTE.fingerprint, uint32(fingerprint)));
  return withLength(message, 0);
}

function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(type);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value, Buffer.alloc(-value.length & 3)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** @param more bytes that are yet to come */
function withLength(parts: readonly Buffer[], more: number): Buffer {
  const message = Buffer.concat(parts);
  message.writeUInt16BE(message.length - 20 + more, 2);
  return message;
}
