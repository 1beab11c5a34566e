import { createHash } from 'node:crypto';
import { UNSIGNED_PAYLOAD } from '../sigv4.ts';
import type { Authentication } from './authenticate.ts';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import { type Checksum, CHECKSUM_ALGORITHMS, isChecksumAlgorithm, startChecksum } from './checksums.ts';
import { S3Error } from './s3-error.ts';

export interface BodyRequest {
  readonly headers: ReadonlyMap<string, string>;
  readonly authentication: Authentication;
  /** The bytes as they come from the socket. */
  readonly raw: AsyncIterable<Buffer>;
}

/** The payload of a request: read `bytes` to the end, then it is verified, and `checksum()` is what to keep. */
export interface VerifiedBody {
  readonly bytes: AsyncIterable<Buffer>;
  /** Undefined if the client sent none. Call it after the end of `bytes`. */
  readonly checksum: () => Checksum | undefined;
}

const MAX_OBJECT_BYTES = 5 * 1024 ** 3;
const STREAMING = /^STREAMING-(UNSIGNED-PAYLOAD|AWS4-HMAC-SHA256-PAYLOAD)(-TRAILER)?$/;

/**
 * Decodes a body and verifies, while it streams, all that the client said about it: length, signed SHA-256, chunk
 * signatures, Content-MD5 and `x-amz-checksum-…` (as header or trailer). A fault is thrown from `bytes`, at its end.
 */
export function verifiedBody({ headers, authentication, raw }: BodyRequest): VerifiedBody {
  const { payloadHash, chain } = authentication;
  const [streaming, signing, trailer] = STREAMING.exec(payloadHash) ?? [];
  const expectedBytes = expectedLength(headers, streaming !== undefined);
  const contentMd5 = readContentMd5(headers.get('content-md5'));
  const announced = announcedChecksum(headers);
  const running = announced && startChecksum(announced.algorithm);
  const md5 = contentMd5 === undefined ? undefined : createHash('md5');
  const sha256 = isSha256(payloadHash) ? createHash('sha256') : undefined;
  if (streaming === undefined && sha256 === undefined && payloadHash !== UNSIGNED_PAYLOAD) {
    throw new S3Error('InvalidArgument', 'x-amz-content-sha256 must be a SHA-256 or a known word.');
  }
  const decoder =
    streaming === undefined
      ? undefined
      : new AwsChunkedDecoder({
          chain: signing === UNSIGNED_PAYLOAD ? undefined : chain,
          hasTrailer: trailer !== undefined,
        });
  let verified: Checksum | undefined;

  async function* bytes(): AsyncGenerator<Buffer> {
    let length = 0;
    for await (const piece of raw) {
      for (const data of decoder ? decoder.push(piece) : [piece]) {
        length += data.length;
        if (length > expectedBytes) throw new S3Error('InvalidRequest', 'The body is longer than announced.');
        md5?.update(data);
        sha256?.update(data);
        running?.update(data);
        yield data;
      }
    }
    decoder?.end();
    if (length !== expectedBytes) {
      throw new S3Error('IncompleteBody', 'You did not provide the number of bytes specified.');
    }
    if (sha256 && sha256.digest('hex') !== payloadHash) {
      throw new S3Error('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' does not match.");
    }
    if (md5 && md5.digest('base64') !== contentMd5) {
      throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
    if (!announced || !running) return;
    const expected = announced.value ?? decoder?.trailers.get(`x-amz-checksum-${announced.algorithm}`);
    const value = running.digest();
    if (value !== expected) {
      throw new S3Error(
        'BadDigest',
        `The ${announced.algorithm} you specified did not match what we received.`,
      );
    }
    verified = { algorithm: announced.algorithm, value };
  }
  return { bytes: bytes(), checksum: () => verified };
}

/** The whole of a small body, such as an XML document. */
export async function readSmallBody(body: VerifiedBody, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body.bytes) {
    length += chunk.length;
    if (length > maxBytes) throw new S3Error('EntityTooLarge', 'The request body is too large.');
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

function expectedLength(headers: ReadonlyMap<string, string>, isStreaming: boolean): number {
  const name = isStreaming ? 'x-amz-decoded-content-length' : 'content-length';
  const text = headers.get(name);
  if (text === undefined) throw new S3Error('MissingContentLength', `You must provide the ${name} header.`);
  if (!/^\d{1,16}$/.test(text)) throw new S3Error('InvalidArgument', `${name} is not a number.`);
  const bytes = Number(text);
  if (bytes > MAX_OBJECT_BYTES) throw new S3Error('EntityTooLarge', 'The object is larger than 5 GiB.');
  return bytes;
}

function readContentMd5(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (Buffer.from(header, 'base64').length !== 16) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified is not valid.');
  }
  return header;
}

/** Which checksum the client gives: its value from a header, or none yet if it follows in the trailer. */
function announcedChecksum(headers: ReadonlyMap<string, string>) {
  const given = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = headers.get(`x-amz-checksum-${algorithm}`);
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (given.length > 1) throw new S3Error('InvalidRequest', 'Expecting a single x-amz-checksum- header.');
  if (given[0]) return given[0];
  const trailer = headers.get('x-amz-trailer')?.trim().toLowerCase();
  if (trailer?.startsWith('x-amz-checksum-') !== true && !headers.has('x-amz-checksum-crc64nvme'))
    return undefined;
  const algorithm = trailer?.slice('x-amz-checksum-'.length) ?? 'crc64nvme';
  if (!isChecksumAlgorithm(algorithm)) {
    throw new S3Error('NotImplemented', `The checksum algorithm ${algorithm} is not implemented.`);
  }
  return { algorithm, value: undefined };
}
