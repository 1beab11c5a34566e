import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { SIGNATURE_TOLERANCE_MS } from '@yike/contracts/control/commands';

/** What is signed of a request; `path` is the request target with its query, `body` the bytes as they are sent. */
export interface SignedParts {
  readonly method: string;
  readonly path: string;
  readonly body: string | Buffer;
}

export type SignatureVerdict = 'valid' | 'malformed' | 'expired' | 'wrong';

const HEADER = /^t=(\d{1,16}),v1=([0-9a-f]{64})$/;

/** HKDF-SHA256 (RFC 5869) without salt: one key of 32 bytes for one use of the node's secret. */
export function deriveKey(secret: string, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', info, 32));
}

/** The value of the `yike-signature` header: `t=<unix ms>,v1=<hex>`. */
export function sign(key: Uint8Array, parts: SignedParts, nowMs: number): string {
  return `t=${nowMs},v1=${mac(key, parts, nowMs).toString('hex')}`;
}

/** Compares in constant time; `expired` when the signature's time is more than the tolerance away from now, either way. */
export function verifySignature(
  key: Uint8Array,
  parts: SignedParts,
  header: string | undefined,
  nowMs: number,
): SignatureVerdict {
  const [, time, hex] = HEADER.exec(header ?? '') ?? [];
  if (time === undefined || hex === undefined) return 'malformed';
  const atMs = Number(time);
  if (!timingSafeEqual(mac(key, parts, atMs), Buffer.from(hex, 'hex'))) return 'wrong';
  return Math.abs(nowMs - atMs) > SIGNATURE_TOLERANCE_MS ? 'expired' : 'valid';
}

function mac(key: Uint8Array, { method, path, body }: SignedParts, atMs: number): Buffer {
  return createHmac('sha256', key).update(`${atMs}.${method}.${path}.`).update(body).digest();
}
