import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { inCheckout } from '../../scripts/host/paths.ts';
import type { StorageAccess } from '../api/api-scene.ts';

/** 4 s of 1.4 Mbit/s picture, and of 128 kbit/s sound. */
export const SEGMENT_BYTES = { video: 700_000, audio: 64_000 } as const;

/** The embedded object storage in a process of its own, and beside it a server that streams its objects through Node. */
export class SegmentStorage {
  readonly access: StorageAccess;
  readonly store: ObjectStore;
  readonly streamingOrigin: string;
  readonly pids: { readonly storage: number; readonly streaming: number };
  readonly #children: readonly ChildProcess[];
  readonly #folder: string;

  private constructor(
    access: StorageAccess,
    store: ObjectStore,
    streamingOrigin: string,
    children: [ChildProcess, ChildProcess],
    folder: string,
  ) {
    this.access = access;
    this.store = store;
    this.streamingOrigin = streamingOrigin;
    const [storage, streaming] = children;
    this.pids = { storage: storage.pid ?? 0, streaming: streaming.pid ?? 0 };
    this.#children = children;
    this.#folder = folder;
  }

  static async start(): Promise<SegmentStorage> {
    const folder = mkdtempSync(path.join(tmpdir(), 'yike-segments-'));
    const keys = { accessKey: 'bench', secretKey: 'bench-secret-key' };
    const script = inCheckout('storage', 'src', 'embedded', 'main.ts');
    const storage = spawn(process.execPath, ['--conditions=yike-source', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        S3_FOLDER: folder,
        S3_ACCESS_KEY: keys.accessKey,
        S3_SECRET_KEY: keys.secretKey,
      },
    });
    const [line] = (await once(createInterface({ input: storage.stdout }), 'line')) as [string];
    const { port } = JSON.parse(line) as { port: number };
    const access = { endpoint: `http://127.0.0.1:${port}`, ...keys };
    const store = createMinioStore({ ...access, bucket: 'yike', region: 'us-east-1' });
    await store.ensureBucket();
    const streaming = fork(fileURLToPath(new URL('../streaming-process.ts', import.meta.url)), [
      access.endpoint,
    ]);
    const [streamingPort] = (await once(streaming, 'message')) as [number];
    const children: [ChildProcess, ChildProcess] = [storage, streaming];
    return new SegmentStorage(access, store, `http://127.0.0.1:${streamingPort}`, children, folder);
  }

  /** So many segments of each track, under the keys of {@link keyOf}. */
  async fill(count: number): Promise<void> {
    for (const track of ['video', 'audio'] as const) {
      for (let seq = 0; seq < count; seq += 1)
        await this.store.put(keyOf(track, seq), randomBytes(SEGMENT_BYTES[track]));
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const keyOf = (track: 'video' | 'audio', seq: number): string =>
  `recordings/bench/0/${track}/${seq}.m4s`;
