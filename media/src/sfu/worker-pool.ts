import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { setLogEventListeners } from 'mediasoup';
import { backoffMs } from '../control/backoff.ts';
import type { MediaConfig } from '../config.ts';
import type { Log } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { Refusal } from '../platform/refusal.ts';
import { MediaWorker, type RtcConfig } from './media-worker.ts';

export type WorkerPoolConfig = RtcConfig & Pick<MediaConfig, 'MEDIASOUP_NUM_WORKERS'>;

const RESTART = { baseMs: 100, maxMs: 5000 };

/** One mediasoup worker a core. A worker that dies is replaced; its routers' rooms rebuild themselves elsewhere. */
export class WorkerPool {
  readonly #config: WorkerPoolConfig;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #workers = new Map<number, MediaWorker>();
  readonly #size: number;
  #isClosed = false;

  private constructor(config: WorkerPoolConfig, log: Log, metrics: Metrics) {
    this.#config = config;
    this.#log = log;
    this.#metrics = metrics;
    this.#size = config.MEDIASOUP_NUM_WORKERS ?? availableParallelism();
  }

  /** @throws when a worker cannot be started: the node could carry nothing */
  static async create(config: WorkerPoolConfig, log: Log, metrics: Metrics): Promise<WorkerPool> {
    setLogEventListeners({
      onwarn: (namespace, message) => log.warn({ namespace, message }, 'mediasoup warns'),
      onerror: (namespace, message, error) =>
        log.error({ namespace, message, err: error }, 'mediasoup fails'),
    });
    const pool = new WorkerPool(config, log, metrics);
    await Promise.all(Array.from({ length: pool.#size }, (_, index) => pool.#start(index)));
    return pool;
  }

  get workers(): MediaWorker[] {
    return [...this.#workers.values()].filter(({ isAlive }) => isAlive);
  }

  get areAllUp(): boolean {
    return this.workers.length === this.#size;
  }

  /** 0–1 of what the node can carry; above 1 when it carries more than it should. */
  get load(): number {
    const { workers } = this;
    if (workers.length === 0) return 1;
    return workers.reduce((sum, worker) => sum + worker.load, 0) / workers.length;
  }

  /** @throws Refusal `service-unavailable` while all are being restarted */
  leastLoaded(): MediaWorker {
    const [least] = this.workers.sort((a, b) => MediaWorker.byLoad(a, b));
    if (!least) throw new Refusal('service-unavailable', 'no media worker is up', { retryAfterSeconds: 1 });
    return least;
  }

  close(): void {
    this.#isClosed = true;
    for (const worker of this.#workers.values()) worker.close();
    this.#workers.clear();
  }

  async #start(index: number): Promise<void> {
    const worker = await MediaWorker.create(index, this.#config);
    if (this.#isClosed) {
      worker.close();
      return;
    }
    this.#workers.set(index, worker);
    worker.onceDied(() => void this.#replace(worker));
    this.#log.info({ worker: index, pid: worker.pid }, 'media worker is up');
  }

  async #replace({ index, pid }: MediaWorker): Promise<void> {
    this.#log.error({ worker: index, pid }, 'media worker died; starting another');
    this.#workers.delete(index);
    this.#metrics.workerRestarts.inc();
    for (let attempt = 0; !this.#isClosed; attempt += 1) {
      try {
        await this.#start(index);
        return;
      } catch (error) {
        this.#log.error({ err: error, worker: index }, 'media worker does not start; trying again');
        await sleep(backoffMs(attempt, RESTART));
      }
    }
  }
}
