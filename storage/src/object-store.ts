import type { Readable } from 'node:stream';

export interface PutOptions {
  /** `*`: only if no object has this key yet, else `PreconditionFailed`. Atomic: of two writers exactly one succeeds. */
  readonly ifNoneMatch?: '*';
  /** MIME type; without it `application/octet-stream`. */
  readonly contentType?: string;
  readonly cacheControl?: string;
}

export interface PutBytesOptions extends PutOptions {
  /** SHA-256 of the bytes in hex, if it is known already; else it is computed. Storage verifies it. */
  readonly sha256?: string;
}

/** First and last byte, both inclusive; without `end` to the end of the object. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

export interface StoredObject {
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
}

export interface ObjectHead extends StoredObject {
  readonly bytes: number;
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  readonly lastModified: Date;
  /** Hex; present where the object was written with a SHA-256 checksum and storage keeps it. */
  readonly sha256: string | undefined;
}

export interface ObjectContent extends ObjectHead {
  /** Length of `body`; `bytes` is the length of the whole object. */
  readonly bodyBytes: number;
  /** Fails with a `StorageError` when storage breaks off. Read it to the end or destroy it. */
  readonly body: Readable;
}

export interface ListedObject extends StoredObject {
  readonly bytes: number;
  readonly lastModified: Date;
}

export interface PresignOptions {
  /** Origin for which the URL is signed (`https://media.example`); default: the endpoint of the store. */
  readonly publicUrl?: string;
  /** The URL is valid at least this long from now. With the window at most seven days. */
  readonly expiresInSeconds: number;
  /** Within one window the same key gives the same URL, so that caches work. Default 1: no window. */
  readonly windowSeconds?: number;
}

/**
 * Object storage, one bucket of it. Every method throws the errors of `errors.ts` and nothing else for what storage
 * does; keys are built by `keys.ts`. Nothing is retried here: the caller knows how long it can wait.
 */
export interface ObjectStore {
  readonly bucket: string;

  /** Stores all bytes or nothing, verified by storage with SHA-256. */
  put(key: string, bytes: Uint8Array, options?: PutBytesOptions): Promise<StoredObject>;

  /** Stores a stream of any length in parts of 8 MiB (one part in memory). When it fails nothing is visible. */
  putStream(key: string, source: Readable, options?: PutOptions): Promise<StoredObject>;

  get(key: string, options?: { range?: ByteRange }): Promise<ObjectContent>;

  /** The whole object; `ChecksumMismatch` if storage knows a SHA-256 and the bytes differ. */
  getBuffer(key: string): Promise<Buffer>;

  head(key: string): Promise<ObjectHead>;

  /** All objects whose key begins with `prefix`, in UTF-8 order, page by page as they are consumed. */
  list(prefix: string): AsyncIterable<ListedObject>;

  /** No error if there is no such object. */
  delete(key: string): Promise<void>;

  deleteMany(keys: Iterable<string>): Promise<void>;

  /** Copies inside the bucket, on the server. */
  copy(fromKey: string, toKey: string): Promise<StoredObject>;

  /** A URL that reads the object without credentials. Pure computation: no network, about 20 microseconds. */
  presignGet(key: string, options: PresignOptions): string;

  /** Creates the bucket if it is missing, readable by browsers of any origin (CORS `*`, without credentials). */
  ensureBucket(): Promise<void>;

  /** Resolves if the bucket answers: for readiness probes. */
  ping(): Promise<void>;

  /** Closes idle connections. */
  close(): void;
}
