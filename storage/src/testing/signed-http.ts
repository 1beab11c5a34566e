import { request as sendRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  ALGORITHM,
  amzDate,
  canonicalRequest,
  credentialScope,
  type Pair,
  sha256Hex,
  sign,
  signingKey,
  stringToSign,
} from '../sigv4.ts';
import type { StorageTarget } from './target.ts';

export interface RawRequest {
  readonly method: string;
  /** As it goes over the wire; nothing normalises it. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Signing {
  readonly atMs?: number;
  readonly secretKey?: string;
  readonly payloadHash?: string;
}

/** Sends exactly these bytes; unlike `fetch` it keeps `..` in paths and any header. */
export async function sendRaw(
  endpoint: string,
  { method, target, headers, body }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      { hostname, port, method, path: target, headers, agent: false },
      (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        text(response).then((content) => resolve({ status, headers: answered, body: content }), reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** The request with an Authorization header; what it is made of comes back, for the chunks of a streaming body. */
export function signRequest(target: StorageTarget, request: RawRequest, signing: Signing = {}) {
  const { host } = new URL(target.endpoint);
  const [rawPath = '', rawQuery = ''] = request.target.split('?');
  const date = amzDate(signing.atMs ?? Date.now());
  const scope = credentialScope(date, target.region);
  const payloadHash = signing.payloadHash ?? sha256Hex(request.body ?? '');
  const headers: Record<string, string> = {
    host,
    ...request.headers,
    'x-amz-date': date,
    'x-amz-content-sha256': payloadHash,
  };
  const key = signingKey(signing.secretKey ?? target.secretKey, date, target.region);
  const canonical = canonicalRequest({
    method: request.method,
    path: decodeURIComponent(rawPath),
    query: [...new URLSearchParams(rawQuery)] as Pair[],
    headers: Object.entries(headers),
    payloadHash,
  });
  const seed = sign(key, stringToSign(date, scope, canonical));
  const signedHeaders = Object.keys(headers).sort().join(';');
  const authorization = `${ALGORITHM} Credential=${target.accessKey}/${scope}, SignedHeaders=${signedHeaders}, Signature=${seed}`;
  return {
    request: { ...request, headers: { ...headers, authorization } },
    chain: { key, date, scope, seed },
  };
}

export const sendSigned = (
  target: StorageTarget,
  request: RawRequest,
  signing: Signing = {},
): Promise<RawAnswer> => sendRaw(target.endpoint, signRequest(target, request, signing).request);
