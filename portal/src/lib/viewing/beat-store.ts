import type { PlaybackId } from '@yike/contracts/ids';
import type { Beat } from '@yike/contracts/realtime/viewing';

/** A beat that was not acknowledged yet, and when it was made (Unix ms by this device). */
export interface KeptBeat {
  readonly beat: Beat;
  readonly keptAt: number;
}
export interface BeatRef {
  readonly playbackId: PlaybackId;
  readonly seq: number;
}

/** Where unacknowledged beats outlive the page. */
export interface BeatStore {
  keep(kept: KeptBeat): Promise<void>;
  list(): Promise<KeptBeat[]>;
  forget(beats: readonly BeatRef[]): Promise<void>;
}

/** For browsers that refuse a database (some private windows): beats live as long as the page. */
export class PageBeatStore implements BeatStore {
  keep(): Promise<void> {
    return Promise.resolve();
  }
  list(): Promise<KeptBeat[]> {
    return Promise.resolve([]);
  }
  forget(): Promise<void> {
    return Promise.resolve();
  }
}

const STORE = 'beats';

/** Beats in IndexedDB, by session and number. */
export class IndexedBeatStore implements BeatStore {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(name = 'yike-viewing'): Promise<IndexedBeatStore> {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(STORE, { keyPath: ['beat.playbackId', 'beat.seq'] });
    };
    return new IndexedBeatStore(await settled(opening));
  }

  async keep(kept: KeptBeat): Promise<void> {
    await settled(this.#beats('readwrite').put(kept));
  }

  async list(): Promise<KeptBeat[]> {
    // Only this class writes to the store.
    return (await settled(this.#beats('readonly').getAll())) as KeptBeat[];
  }

  async forget(beats: readonly BeatRef[]): Promise<void> {
    const store = this.#beats('readwrite');
    await Promise.all(beats.map(({ playbackId, seq }) => settled(store.delete([playbackId, seq]))));
  }

  #beats(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(STORE, mode).objectStore(STORE);
  }
}

/** The device's store, or the page's where there is none. */
export async function openBeatStore(): Promise<BeatStore> {
  try {
    return await IndexedBeatStore.open();
  } catch (cause) {
    console.warn('no database in this browser; beats live as long as the page', cause);
    return new PageBeatStore();
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database refused'));
  });
}
