import { createHash, createHmac } from 'node:crypto';

/**
 * AWS Signature Version 4 for S3, the pure part, used by the presigner and by the embedded server.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export const ALGORITHM = 'AWS4-HMAC-SHA256';
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
export const MAX_PRESIGN_SECONDS = 604_800;

export type Pair = readonly [name: string, value: string];

export interface CanonicalParts {
  readonly method: string;
  /** Decoded path; S3 encodes it once and does not normalise it. */
  readonly path: string;
  /** Decoded. */
  readonly query: readonly Pair[];
  /** The signed ones only. */
  readonly headers: readonly Pair[];
  readonly payloadHash: string;
}

export const sha256Hex = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 3986 with AWS's rules: everything but `A-Z a-z 0-9 - . _ ~` is escaped, in upper-case hex. */
export const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export const uriEncodePath = (path: string): string => uriEncode(path).replaceAll('%2F', '/');

/** `20130524T000000Z` */
export const amzDate = (atMs: number): string =>
  new Date(atMs).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');

/** Milliseconds since 1970 of an `amzDate`; undefined if it is none. */
export function parseAmzDate(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (second === undefined) return undefined;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}

export const credentialScope = (date: string, region: string): string =>
  `${date.slice(0, 8)}/${region}/s3/aws4_request`;

export function canonicalQuery(query: readonly Pair[]): string {
  const encoded = query.map(([name, value]) => [uriEncode(name), uriEncode(value)] as const);
  // ASCII now, so that comparing code units is comparing bytes
  encoded.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return encoded.map(([name, value]) => `${name}=${value}`).join('&');
}

export function canonicalRequest({ method, path, query, headers, payloadHash }: CanonicalParts): string {
  const lines = headers
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(([a], [b]) => compare(a, b));
  return [
    method,
    uriEncodePath(path),
    canonicalQuery(query),
    ...lines.map(([name, value]) => `${name}:${value}`),
    '',
    lines.map(([name]) => name).join(';'),
    payloadHash,
  ].join('\n');
}

export const stringToSign = (date: string, scope: string, request: string): string =>
  [ALGORITHM, date, scope, sha256Hex(request)].join('\n');

/** The key of one day (`date` may be longer than its first 8 characters) and region. */
export function signingKey(secretKey: string, date: string, region: string): Buffer {
  const dateKey = hmac(`AWS4${secretKey}`, date.slice(0, 8));
  return hmac(hmac(hmac(dateKey, region), 's3'), 'aws4_request');
}

export const sign = (key: Buffer, text: string): string => hmac(key, text).toString('hex');

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
