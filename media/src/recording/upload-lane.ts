import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PreconditionFailed, StorageError } from '@yike/storage/errors';
import type { ObjectStore } from '@yike/storage/object-store';
import { writeOnce } from '@yike/storage/write-once';
import type { Logger } from 'pino';

export interface Upload {
  readonly key: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly contentType: string;
  /** Storage has it, with this very checksum. */
  readonly confirmed: () => Promise<void>;
  /** It will never be stored: the key holds another recorder's bytes, or the file is gone. */
  readonly givenUp: (error: unknown) => void;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/**
 * Uploads of one track, strictly one after the other, so that what is confirmed never has a hole. Storage that is away is
 * waited for, however long: the spool holds what is behind.
 */
export class UploadLane {
  readonly #store: ObjectStore;
  readonly #logger: Logger;
  readonly #queue: Upload[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #failures = 0;

  constructor(store: ObjectStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  get waitingBytes(): number {
    return this.#queue.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Storage failed the last attempt: what waits is not only on its way. */
  get isStalled(): boolean {
    return this.#failures > 0;
  }

  push(upload: Upload): void {
    this.#queue.push(upload);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits; never while storage is away. */
  async drained(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Gives up waiting; what is queued stays in the spool. */
  close(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    for (let upload = this.#queue[0]; upload && !this.#stop.signal.aborted; upload = this.#queue[0]) {
      if (await this.#attempt(upload)) this.#queue.shift();
    }
    this.#running = null;
  }

  /** @returns whether the upload is done with, one way or the other */
  async #attempt(upload: Upload): Promise<boolean> {
    const { key, sha256, contentType } = upload;
    try {
      const bytes = await readFile(upload.file);
      await writeOnce(this.#store, key, bytes, { sha256, contentType, cacheControl: IMMUTABLE });
      this.#failures = 0;
      await upload.confirmed();
      return true;
    } catch (error) {
      if (error instanceof PreconditionFailed || !(error instanceof StorageError)) {
        this.#logger.error({ key, err: error }, 'a segment can never be stored');
        upload.givenUp(error);
        return true;
      }
      if (this.#failures++ === 0)
        this.#logger.warn({ key, err: error }, 'storage does not take a segment; waiting');
      await sleep(backoffMs(this.#failures), undefined, { signal: this.#stop.signal }).catch(() => undefined);
      return false;
    }
  }
}

const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Doubles up to 5 s, with a jitter of half, so that many lanes do not come back at once. */
function backoffMs(failures: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  return full * (0.5 + Math.random() / 2);
}
