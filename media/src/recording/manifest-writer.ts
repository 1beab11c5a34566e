import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EpochManifest } from '@yike/contracts/control/manifest';
import { type EpochPlace, manifestKey } from '@yike/storage/keys';
import type { ObjectStore } from '@yike/storage/object-store';
import type { Logger } from 'pino';
import { type EpochIndex, manifestOf } from './epoch-index.ts';

/** A running manifest is written at most this often. */
const PACE_MS = 2_000;
const RETRY_MS = 1_000;

/** Keeps one epoch's manifest in storage true: again and again while it runs, and once for all at its end. */
export class ManifestWriter {
  readonly #store: ObjectStore;
  readonly #place: EpochPlace;
  readonly #index: EpochIndex;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(store: ObjectStore, place: EpochPlace, index: EpochIndex, logger: Logger) {
    this.#store = store;
    this.#place = place;
    this.#index = index;
    this.#logger = logger;
  }

  /** Something was stored: the manifest will name it soon. A failure is no harm, the next one names it too. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#writing = this.#writing
        .then(() => this.#write('running'))
        .catch((error: unknown) => {
          this.#logger.warn({ err: error, ...this.#place }, 'the running manifest was not written');
        });
    }, PACE_MS);
  }

  /**
   * Writes the final manifest, waiting for storage as long as it takes.
   * @throws AbortError when `signal` gives it up
   */
  async finalise(signal: AbortSignal): Promise<{ sha256: string; segments: number }> {
    this.close();
    await this.#writing;
    for (;;) {
      try {
        return await this.#write('final');
      } catch (error) {
        this.#logger.warn(
          { err: error, ...this.#place },
          'storage does not take the final manifest; waiting',
        );
        await sleep(RETRY_MS, undefined, { signal });
      }
    }
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #write(state: EpochManifest['state']): Promise<{ sha256: string; segments: number }> {
    const manifest = manifestOf(this.#place, this.#index, state);
    const bytes = Buffer.from(JSON.stringify(manifest));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await this.#store.put(manifestKey(this.#place), bytes, {
      sha256,
      contentType: 'application/json',
      cacheControl: 'no-store',
    });
    const { video, audio } = manifest.tracks;
    const segments = (video?.segments.length ?? 0) + (audio?.segments.length ?? 0);
    return { sha256, segments };
  }
}
