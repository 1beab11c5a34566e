import { createHmac, timingSafeEqual } from 'node:crypto';
import { SIGNATURE_TOLERANCE_MS } from '@yike/contracts/control/commands';

export interface SignedRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly path: string;
  /** The raw body; empty where there is none. */
  readonly body: string | Buffer;
}

/** The value of the signature header, see `contracts/src/control/commands.ts`. */
export function signRequest(key: Buffer, request: SignedRequest, nowMs: number): string {
  return `t=${nowMs},v1=${macOf(key, request, String(nowMs)).toString('hex')}`;
}

/** Whether the header signs this request with this key, within a minute of now. */
export function isSignatureValid(
  key: Buffer,
  request: SignedRequest,
  header: string | undefined,
  nowMs: number,
): boolean {
  const [, time, mac] = /^t=(\d{1,16}),v1=([0-9a-f]{64})$/.exec(header ?? '') ?? [];
  if (time === undefined || mac === undefined) return false;
  if (Math.abs(nowMs - Number(time)) > SIGNATURE_TOLERANCE_MS) return false;
  return timingSafeEqual(macOf(key, request, time), Buffer.from(mac, 'hex'));
}

function macOf(key: Buffer, { method, path, body }: SignedRequest, time: string): Buffer {
  return createHmac('sha256', key).update(`${time}.${method}.${path}.`).update(body).digest();
}
