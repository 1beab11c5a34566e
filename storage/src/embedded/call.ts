import type { Readable } from 'node:stream';
import type { VerifiedBody } from './body.ts';
import { S3Error } from './s3-error.ts';
import type { StorageFolder } from './storage-folder.ts';

/** An authenticated request, as an operation sees it. */
export interface Call {
  readonly method: string;
  readonly storage: StorageFolder;
  readonly region: string;
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Decodes and verifies the body; to be called once. */
  body(): VerifiedBody;
}

export interface BucketCall extends Call {
  readonly bucketName: string;
}

export interface ObjectCall extends BucketCall {
  readonly key: string;
}

/** What an operation answers; a string is an XML document. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable;
}

export type Operation<SomeCall extends Call> = (call: SomeCall) => Promise<Answer>;

/** The query of a request; of a parameter given twice the first value counts. */
export class Query {
  readonly #values: ReadonlyMap<string, string>;

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.#values = new Map([...pairs].reverse());
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  text(name: string): string {
    return this.#values.get(name) ?? '';
  }

  /** @throws S3Error InvalidArgument if it is not a whole number from `min` to `max`; more than `max` is cut to it */
  wholeNumber(name: string, { min, max, fallback }: { min: number; max: number; fallback: number }): number {
    const text = this.#values.get(name);
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (!/^\d{1,10}$/.test(text) || value < min) {
      throw new S3Error('InvalidArgument', `Argument ${name} must be an integer of at least ${min}.`);
    }
    return Math.min(value, max);
  }
}

export const xmlAnswer = (body: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/xml', ...headers },
  body,
});

export const quoted = (etag: string): string => `"${etag}"`;
