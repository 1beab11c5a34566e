import { timingSafeEqual } from 'node:crypto';
import {
  ALGORITHM,
  canonicalRequest,
  credentialScope,
  MAX_PRESIGN_SECONDS,
  type Pair,
  parseAmzDate,
  sign,
  signingKey,
  stringToSign,
  UNSIGNED_PAYLOAD,
} from '../sigv4.ts';
import { S3Error } from './s3-error.ts';
import type { Target } from './target.ts';

export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

/** A request as far as its signature goes. Header names are in lower case. */
export interface SignedRequest {
  readonly method: string;
  readonly target: Pick<Target, 'path' | 'query'>;
  readonly headers: ReadonlyMap<string, string>;
}

/** Proof that the request was signed, and what is needed to verify its body. */
export interface Authentication {
  /** A SHA-256 in hex, `UNSIGNED-PAYLOAD`, or one of the `STREAMING-…` words. */
  readonly payloadHash: string;
  /** The parameters of the signature chain over the chunks of an aws-chunked body. */
  readonly chain: { key: Buffer; date: string; scope: string; seed: string };
}

interface Claim {
  readonly accessKey: string;
  readonly scope: string;
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
  /** What of the query was signed. */
  readonly query: readonly Pair[];
}

const MAX_SKEW_MS = 15 * 60_000;

/**
 * Verifies a SigV4 signature, by header or presigned, over the request as it was received (its `host` too).
 * @throws S3Error with the code that S3 gives
 */
export function authenticate(
  request: SignedRequest,
  { accessKey, secretKey, region }: Credentials,
  nowMs: number,
): Authentication {
  const isPresigned = request.target.query.some(([name]) => name === 'X-Amz-Signature');
  const claim = isPresigned ? readQueryClaim(request, nowMs) : readHeaderClaim(request, nowMs);
  if (claim.accessKey !== accessKey) {
    throw new S3Error('InvalidAccessKeyId', 'The access key Id you provided does not exist in our records.');
  }
  if (claim.scope !== credentialScope(claim.date, region)) {
    throw malformed(isPresigned, `the credential scope must be <date>/${region}/s3/aws4_request`);
  }
  assertAllSigned(request.headers, claim.signedHeaders);

  const key = signingKey(secretKey, claim.date, region);
  const canonical = canonicalRequest({
    method: request.method,
    path: request.target.path,
    query: claim.query,
    headers: claim.signedHeaders.map((name) => [name, request.headers.get(name) ?? '']),
    payloadHash: claim.payloadHash,
  });
  const expected = sign(key, stringToSign(claim.date, claim.scope, canonical));
  if (!equalInConstantTime(expected, claim.signature)) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    );
  }
  const chain = { key, date: claim.date, scope: claim.scope, seed: expected };
  return { payloadHash: claim.payloadHash, chain };
}

export function equalInConstantTime(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

function readHeaderClaim({ headers, target }: SignedRequest, nowMs: number): Claim {
  const authorization = headers.get('authorization');
  if (authorization === undefined) throw new S3Error('AccessDenied', 'The request is not signed.');
  const [, credential, signedHeaders, signature] = AUTHORIZATION.exec(authorization) ?? [];
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    throw malformed(false, 'it is not an AWS4-HMAC-SHA256 header');
  }
  const date = headers.get('x-amz-date') ?? '';
  const atMs = parseAmzDate(date);
  if (atMs === undefined) throw new S3Error('AccessDenied', 'A valid x-amz-date header is required.');
  if (Math.abs(atMs - nowMs) > MAX_SKEW_MS) {
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the server time is too large.',
    );
  }
  const payloadHash = headers.get('x-amz-content-sha256');
  if (payloadHash === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  return {
    ...readCredential(credential, false),
    date,
    signedHeaders: signedHeaders.split(';'),
    signature,
    payloadHash,
    query: target.query,
  };
}

function readQueryClaim({ headers, target }: SignedRequest, nowMs: number): Claim {
  const only = (name: string): string => {
    const [value, ...more] = target.query.filter((pair) => pair[0] === name).map((pair) => pair[1]);
    if (value === undefined || more.length > 0) throw malformed(true, `${name} must be given once`);
    return value;
  };
  if (only('X-Amz-Algorithm') !== ALGORITHM) throw malformed(true, 'X-Amz-Algorithm is not supported');
  const date = only('X-Amz-Date');
  const atMs = parseAmzDate(date);
  if (atMs === undefined) throw malformed(true, 'X-Amz-Date is not a date');
  const expires = only('X-Amz-Expires');
  const seconds = Number(expires);
  if (!/^\d{1,6}$/.test(expires) || seconds < 1 || seconds > MAX_PRESIGN_SECONDS) {
    throw malformed(true, 'X-Amz-Expires must be between 1 and 604800');
  }
  if (atMs - nowMs > MAX_SKEW_MS) throw new S3Error('AccessDenied', 'Request is not valid yet');
  if (nowMs > atMs + seconds * 1000) throw new S3Error('AccessDenied', 'Request has expired');
  return {
    ...readCredential(only('X-Amz-Credential'), true),
    date,
    signedHeaders: only('X-Amz-SignedHeaders').split(';'),
    signature: only('X-Amz-Signature'),
    payloadHash: headers.get('x-amz-content-sha256') ?? UNSIGNED_PAYLOAD,
    query: target.query.filter(([name]) => name !== 'X-Amz-Signature'),
  };
}

/** `<access key>/<date>/<region>/s3/aws4_request`; the access key may contain slashes. */
function readCredential(credential: string, isPresigned: boolean) {
  const parts = credential.split('/');
  if (parts.length < 5) throw malformed(isPresigned, 'the credential has too few parts');
  return { accessKey: parts.slice(0, -4).join('/'), scope: parts.slice(-4).join('/') };
}

/** An unsigned `x-amz-…` header could change what a signed request does (copy source, metadata). */
function assertAllSigned(headers: ReadonlyMap<string, string>, signedHeaders: readonly string[]): void {
  const unsigned = [...headers.keys()].filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !signedHeaders.includes(name),
  );
  if (unsigned.length > 0 || !signedHeaders.includes('host')) {
    throw new S3Error(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned.join(', ')}`,
    );
  }
}

const malformed = (isPresigned: boolean, why: string): S3Error =>
  isPresigned
    ? new S3Error('AuthorizationQueryParametersError', `The query parameters are malformed: ${why}.`)
    : new S3Error('AuthorizationHeaderMalformed', `The authorization header is malformed: ${why}.`);
