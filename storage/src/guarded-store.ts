import { Readable } from 'node:stream';
import {
  AccessDenied,
  BucketMissing,
  ChecksumMismatch,
  InvalidRange,
  NotFound,
  PreconditionFailed,
  StorageError,
  Unavailable,
  UnexpectedAnswer,
} from './errors.ts';
import { assertKey } from './keys.ts';
import type {
  ByteRange,
  ListedObject,
  ObjectContent,
  ObjectHead,
  ObjectStore,
  PresignOptions,
  PutBytesOptions,
  PutOptions,
  StoredObject,
} from './object-store.ts';
import { S3ResponseError } from './s3-transport.ts';

/** The one wrapper of a naive driver: it keeps the key rules, and turns whatever the driver throws into `errors.ts`. */
export class GuardedStore implements ObjectStore {
  readonly #driver: ObjectStore;

  constructor(driver: ObjectStore) {
    this.#driver = driver;
  }

  get bucket(): string {
    return this.#driver.bucket;
  }

  put(key: string, bytes: Uint8Array, options?: PutBytesOptions): Promise<StoredObject> {
    return this.#onKey(key, () => this.#driver.put(key, bytes, options));
  }

  putStream(key: string, source: Readable, options?: PutOptions): Promise<StoredObject> {
    return this.#onKey(key, () => this.#driver.putStream(key, source, options));
  }

  async get(key: string, options?: { range?: ByteRange }): Promise<ObjectContent> {
    const content = await this.#onKey(key, () => this.#driver.get(key, options));
    const body = Readable.from(translated<Buffer>(content.body, key), { objectMode: false });
    return { ...content, body };
  }

  getBuffer(key: string): Promise<Buffer> {
    return this.#onKey(key, () => this.#driver.getBuffer(key));
  }

  head(key: string): Promise<ObjectHead> {
    return this.#onKey(key, () => this.#driver.head(key));
  }

  list(prefix: string): AsyncIterable<ListedObject> {
    return translated(this.#driver.list(prefix), prefix);
  }

  delete(key: string): Promise<void> {
    return this.#onKey(key, () => this.#driver.delete(key));
  }

  async deleteMany(keys: Iterable<string>): Promise<void> {
    const all = [...keys];
    all.forEach(assertKey);
    await guarded(`${all.length} keys`, () => this.#driver.deleteMany(all));
  }

  copy(fromKey: string, toKey: string): Promise<StoredObject> {
    assertKey(fromKey);
    return this.#onKey(toKey, () => this.#driver.copy(fromKey, toKey));
  }

  presignGet(key: string, options: PresignOptions): string {
    assertKey(key);
    return this.#driver.presignGet(key, options);
  }

  ensureBucket(): Promise<void> {
    return guarded(this.bucket, () => this.#driver.ensureBucket());
  }

  ping(): Promise<void> {
    return guarded(this.bucket, () => this.#driver.ping());
  }

  close(): void {
    this.#driver.close();
  }

  async #onKey<Result>(key: string, run: () => Promise<Result>): Promise<Result> {
    assertKey(key);
    return guarded(key, run);
  }
}

async function guarded<Result>(subject: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw translateError(error, subject);
  }
}

async function* translated<Item>(source: AsyncIterable<Item>, subject: string): AsyncGenerator<Item> {
  try {
    yield* source;
  } catch (error) {
    throw translateError(error, subject);
  }
}

type ErrorClass = new (message: string, options?: ErrorOptions) => StorageError;

/** By S3 code first, then by status: HEAD answers have no body and so no code. */
const BY_CODE: Readonly<Record<string, ErrorClass>> = {
  NoSuchBucket: BucketMissing,
  NoSuchKey: NotFound,
  PreconditionFailed,
  ConditionalRequestConflict: Unavailable,
  OperationAborted: Unavailable,
  BadDigest: ChecksumMismatch,
  XAmzContentChecksumMismatch: ChecksumMismatch,
  XAmzContentSHA256Mismatch: ChecksumMismatch,
  IncompleteBody: Unavailable,
  RequestTimeout: Unavailable,
  SlowDown: Unavailable,
};
const BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  401: AccessDenied,
  403: AccessDenied,
  404: NotFound,
  408: Unavailable,
  412: PreconditionFailed,
  416: InvalidRange,
  429: Unavailable,
};

/** What the driver threw, as one of `errors.ts`; a fault of our own code (a TypeError) stays what it is. */
export function translateError(error: unknown, subject: string): unknown {
  if (error instanceof StorageError || !(error instanceof Error)) return error;
  const message = `${subject}: ${error.message}`;
  if (error instanceof S3ResponseError) {
    const fallback = error.status >= 500 ? Unavailable : UnexpectedAnswer;
    const Translated = BY_CODE[error.code] ?? BY_STATUS[error.status] ?? fallback;
    return new Translated(message, { cause: error });
  }
  // Node marks what the network and the parser of HTTP do by a code: ECONNREFUSED, ECONNRESET, ETIMEDOUT, HPE_…
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^(E[A-Z]{2,}|HPE_)/.test(code) && !code.startsWith('ERR_')
    ? new Unavailable(`${message} (${code})`, { cause: error })
    : error;
}
