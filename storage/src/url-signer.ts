import {
  ALGORITHM,
  amzDate,
  canonicalQuery,
  canonicalRequest,
  credentialScope,
  MAX_PRESIGN_SECONDS,
  type Pair,
  sign,
  signingKey,
  stringToSign,
  UNSIGNED_PAYLOAD,
  uriEncodePath,
} from './sigv4.ts';

export interface UrlSignerOptions {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly bucket: string;
}

export interface SignedGet {
  /** `https://host[:port]`, no path: the host is part of the signature, and no proxy may rewrite the path. */
  readonly origin: string;
  readonly key: string;
  readonly atMs: number;
  readonly expiresInSeconds: number;
  readonly windowSeconds: number;
}

/**
 * Presigns GET URLs, path style, for any origin: the result is byte for byte what `minio` computes, without a client per
 * origin, without a promise, and with the key of the day kept.
 */
export class UrlSigner {
  readonly #options: UrlSignerOptions;
  #dayKey: { day: string; key: Buffer } | undefined;

  constructor(options: UrlSignerOptions) {
    this.#options = options;
  }

  /** @throws RangeError for a lifetime over seven days, TypeError for an origin that is none */
  signGet({ origin, key, atMs, expiresInSeconds, windowSeconds }: SignedGet): string {
    const lifetimeSeconds = expiresInSeconds + (windowSeconds > 1 ? windowSeconds : 0);
    if (!(lifetimeSeconds >= 1 && lifetimeSeconds <= MAX_PRESIGN_SECONDS)) {
      throw new RangeError(`a presigned URL lives 1 to ${MAX_PRESIGN_SECONDS} s, not ${lifetimeSeconds} s`);
    }
    const { protocol, host, pathname } = new URL(origin);
    if (pathname !== '/') throw new TypeError(`the public storage URL must not have a path: ${origin}`);

    const { accessKey, region, bucket } = this.#options;
    const windowMs = windowSeconds * 1000;
    const date = amzDate(Math.floor(atMs / windowMs) * windowMs);
    const scope = credentialScope(date, region);
    const path = `/${bucket}/${key}`;
    const query: Pair[] = [
      ['X-Amz-Algorithm', ALGORITHM],
      ['X-Amz-Credential', `${accessKey}/${scope}`],
      ['X-Amz-Date', date],
      ['X-Amz-Expires', String(lifetimeSeconds)],
      ['X-Amz-SignedHeaders', 'host'],
    ];
    const headers: Pair[] = [['host', host]];
    const request = canonicalRequest({ method: 'GET', path, query, headers, payloadHash: UNSIGNED_PAYLOAD });
    const signature = sign(this.#keyOf(date.slice(0, 8)), stringToSign(date, scope, request));
    return `${protocol}//${host}${uriEncodePath(path)}?${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
  }

  #keyOf(day: string): Buffer {
    if (this.#dayKey?.day !== day) {
      this.#dayKey = { day, key: signingKey(this.#options.secretKey, day, this.#options.region) };
    }
    return this.#dayKey.key;
  }
}
