import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { ObjectStore } from '@yike/storage/object-store';
import { CONFIG, type MediaConfig } from '../config.ts';
import { Heartbeat } from '../control/heartbeat.ts';
import { STORE } from '../sfu/recording.provider.ts';
import { WorkerPool } from '../sfu/worker-pool.ts';
import { ask, assess, type Dependency, type Readiness } from './readiness.ts';
import { freeBytes } from './spool-usage.ts';

/** Below it a lecture fills the disk within minutes. */
const NEEDED_BYTES = 64 * 1024 ** 2;
/** Below it an outage of storage of an hour or so fills it. */
const WANTED_BYTES = 1024 ** 3;

/** A dependency that is there, but not as it should be. */
class NotAsItShould extends Error {}

/**
 * What the node stands on. Storage and the API may be away for long, spool and outbox hold what is behind: a node that was
 * given up for that would lose the lectures that it carries.
 */
@Injectable()
export class NodeChecks {
  readonly #dependencies: readonly Dependency[];

  constructor(
    pool: WorkerPool,
    heartbeat: Heartbeat,
    @Inject(STORE) store: Pick<ObjectStore, 'ping'>,
    @Inject(CONFIG) { SPOOL_DIR }: MediaConfig,
  ) {
    this.#dependencies = [
      needed('workers', () => fail(!pool.areAllUp && 'a media worker is being restarted')),
      needed('not-draining', () => fail(heartbeat.isDraining && 'this process is about to end')),
      needed('spool', () => assertWritable(SPOOL_DIR)),
      wanted('disk', () => assertRoom(SPOOL_DIR, WANTED_BYTES)),
      wanted('storage', () => store.ping()),
      wanted('api-link', () => fail(heartbeat.isApiAway && 'the API does not hear this node')),
    ];
  }

  async run(): Promise<Readiness> {
    return assess(await Promise.all(this.#dependencies.map((each) => ask(each))));
  }
}

const needed = (name: string, check: Dependency['check']): Dependency => ({ name, isNeeded: true, check });
const wanted = (name: string, check: Dependency['check']): Dependency => ({ name, isNeeded: false, check });

const fail = (reason: string | false): Promise<void> =>
  reason === false ? Promise.resolve() : Promise.reject(new NotAsItShould(reason));

/** Writes for real: a disk may be there, have room, and still be read-only or out of inodes. */
async function assertWritable(folder: string): Promise<void> {
  await writeFile(path.join(folder, '.probe'), String(process.pid));
  await assertRoom(folder, NEEDED_BYTES);
}

async function assertRoom(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free < bytes) throw new NotAsItShould(`only ${megabytes(free)} MB are free, under ${megabytes(bytes)}`);
}

const megabytes = (bytes: number): number => Math.floor(bytes / 1024 ** 2);
