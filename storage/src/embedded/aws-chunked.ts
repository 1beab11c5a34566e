import { createHash, type Hash } from 'node:crypto';
import { EMPTY_SHA256, sha256Hex, sign } from '../sigv4.ts';
import { equalInConstantTime, type Authentication } from './authenticate.ts';
import { S3Error } from './s3-error.ts';

export interface ChunkedFormat {
  /** The chain of chunk signatures; undefined for `STREAMING-UNSIGNED-PAYLOAD-TRAILER`. */
  readonly chain: Authentication['chain'] | undefined;
  readonly hasTrailer: boolean;
}

type State = 'chunk-header' | 'data' | 'data-end' | 'trailer' | 'done';

const MAX_LINE_BYTES = 4096;
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;
const CHUNK_HEADER = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i;

/**
 * Decodes an `aws-chunked` body: `<hex size>[;chunk-signature=…]CRLF <bytes> CRLF …`, a chunk of size 0, then trailers. The
 * input may be split anywhere. Bytes are handed out before their chunk's signature is known, so that nothing is held
 * in memory: whoever takes them must not show them before `end()`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export class AwsChunkedDecoder {
  /** Names in lower case; complete after `end()`. */
  readonly trailers = new Map<string, string>();

  readonly #format: ChunkedFormat;
  #state: State = 'chunk-header';
  #line = '';
  #bytesLeft = 0;
  #isLastChunk = false;
  #previousSignature: string;
  #chunkSignature = '';
  #chunkHash: Hash | undefined;
  #trailerText = '';

  constructor(format: ChunkedFormat) {
    this.#format = format;
    this.#previousSignature = format.chain?.seed ?? '';
  }

  /**
   * The payload bytes in this piece of the body; they share its memory.
   * @throws S3Error InvalidRequest, SignatureDoesNotMatch
   */
  push(input: Buffer): Buffer[] {
    const output: Buffer[] = [];
    let offset = 0;
    while (offset < input.length) {
      if (this.#state === 'data') {
        const data = input.subarray(offset, offset + this.#bytesLeft);
        offset += data.length;
        this.#bytesLeft -= data.length;
        this.#chunkHash?.update(data);
        output.push(data);
        if (this.#bytesLeft === 0) this.#state = 'data-end';
      } else {
        offset = this.#readLine(input, offset);
      }
    }
    return output;
  }

  /** @throws S3Error IncompleteBody if the body ended too early */
  end(): void {
    if (this.#state !== 'done') {
      throw new S3Error('IncompleteBody', 'The aws-chunked body ended before its last chunk.');
    }
  }

  /** Consumes up to and including the next line feed, and acts on the line once it is whole. */
  #readLine(input: Buffer, offset: number): number {
    const lineFeed = input.indexOf(0x0a, offset);
    const end = lineFeed < 0 ? input.length : lineFeed + 1;
    this.#line += input.toString('latin1', offset, end);
    if (this.#line.length > MAX_LINE_BYTES) throw malformed('a line is too long');
    if (lineFeed >= 0) {
      const line = this.#line.replace(/\r?\n$/, '');
      this.#line = '';
      this.#takeLine(line);
    }
    return end;
  }

  #takeLine(line: string): void {
    if (this.#state === 'chunk-header') this.#startChunk(line);
    else if (this.#state === 'data-end') this.#endChunk(line);
    else if (this.#state === 'trailer') this.#takeTrailer(line);
    else if (line !== '') throw malformed('bytes after the end');
  }

  #startChunk(line: string): void {
    const [, size, signature] = CHUNK_HEADER.exec(line) ?? [];
    if (size === undefined) throw malformed('a chunk header is wrong');
    this.#bytesLeft = parseInt(size, 16);
    if (this.#bytesLeft > MAX_CHUNK_BYTES) throw malformed('a chunk is too large');
    if (this.#format.chain) {
      if (signature === undefined) throw malformed('a chunk is not signed');
      this.#chunkSignature = signature;
      this.#chunkHash = createHash('sha256');
    }
    this.#isLastChunk = this.#bytesLeft === 0;
    if (!this.#isLastChunk) this.#state = 'data';
    else if (this.#format.hasTrailer) this.#closeChunk('trailer');
    else this.#state = 'data-end';
  }

  #endChunk(line: string): void {
    if (line !== '') throw malformed('a chunk is longer than its header says');
    this.#closeChunk(this.#isLastChunk ? 'done' : 'chunk-header');
  }

  #closeChunk(next: State): void {
    if (this.#chunkHash) {
      const hash = this.#chunkHash.digest('hex');
      this.#verify('AWS4-HMAC-SHA256-PAYLOAD', [EMPTY_SHA256, hash], this.#chunkSignature);
    }
    this.#state = next;
  }

  #takeTrailer(line: string): void {
    if (line === '') {
      // An unsigned trailer ends here; before the signature of a signed one some clients send an empty line too.
      if (!this.#format.chain) this.#state = 'done';
      return;
    }
    const colon = line.indexOf(':');
    if (colon < 1) throw malformed('a trailer has no name');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name !== 'x-amz-trailer-signature') {
      this.trailers.set(name, value);
      this.#trailerText += `${name}:${value}\n`;
      return;
    }
    this.#verify('AWS4-HMAC-SHA256-TRAILER', [sha256Hex(this.#trailerText)], value);
    this.#state = 'done';
  }

  #verify(algorithm: string, hashes: readonly string[], given: string): void {
    const { chain } = this.#format;
    if (!chain) return;
    const text = [algorithm, chain.date, chain.scope, this.#previousSignature, ...hashes].join('\n');
    const expected = sign(chain.key, text);
    if (!equalInConstantTime(expected, given)) {
      throw new S3Error('SignatureDoesNotMatch', 'The signature of a chunk does not match.');
    }
    this.#previousSignature = expected;
  }
}

const malformed = (why: string): S3Error =>
  new S3Error('InvalidRequest', `The aws-chunked body is malformed: ${why}.`);
