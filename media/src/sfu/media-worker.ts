import { createWorker } from 'mediasoup';
import type {
  Router,
  RouterRtpCodecCapability,
  TransportListenInfo,
  WebRtcServer,
  Worker,
} from 'mediasoup/types';
import type { MediaConfig } from '../config.ts';
import { loadOf, remember, type WorkerSample } from './worker-load.ts';

export type RtcConfig = Pick<
  MediaConfig,
  'RTC_LISTEN_IP' | 'RTC_ANNOUNCED_ADDRESS' | 'RTC_PORT' | 'MEDIASOUP_WORKER_BIN' | 'MAX_CONSUMERS_PER_WORKER'
>;

const LOOK_EVERY_MS = 2_000;

/** One mediasoup worker process with its WebRtcServer: all its transports share one UDP and one TCP port. */
export class MediaWorker {
  readonly index: number;
  readonly webRtcServer: WebRtcServer;
  readonly #worker: Worker;
  readonly #mostConsumers: number;
  readonly #looking: NodeJS.Timeout;
  #samples: readonly WorkerSample[] = [];
  /** What the last look saw: CPU time in ms, and when. */
  #seen: { readonly cpuMs: number; readonly atMs: number } | undefined;
  #isLooking = false;
  #consumers = 0;
  #routers = 0;

  private constructor(index: number, worker: Worker, webRtcServer: WebRtcServer, mostConsumers: number) {
    this.index = index;
    this.#worker = worker;
    this.webRtcServer = webRtcServer;
    this.#mostConsumers = mostConsumers;
    worker.observer.on('newrouter', (router) => this.#count(router));
    this.#looking = setInterval(() => void this.#look(), LOOK_EVERY_MS);
    worker.observer.once('close', () => clearInterval(this.#looking));
  }

  /** @throws when the worker cannot be started or a port is taken */
  static async create(index: number, config: RtcConfig): Promise<MediaWorker> {
    const worker = await deafToSignals(() =>
      createWorker({
        logLevel: 'warn',
        ...(config.MEDIASOUP_WORKER_BIN && { workerBin: config.MEDIASOUP_WORKER_BIN }),
      }),
    );
    try {
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: [listenInfo('udp', index, config), listenInfo('tcp', index, config)],
      });
      return new MediaWorker(index, worker, webRtcServer, config.MAX_CONSUMERS_PER_WORKER);
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#worker.pid;
  }

  get isAlive(): boolean {
    return !this.#worker.closed;
  }

  /** 0–1 of what it can carry; see `worker-load.ts`. */
  get load(): number {
    return loadOf(this.#samples, this.#consumers, this.#mostConsumers);
  }

  /** Compares by what is to be carried: consumers (recorders' included), and rooms where nobody watches yet. */
  static byLoad(a: MediaWorker, b: MediaWorker): number {
    return a.#consumers - b.#consumers || a.#routers - b.#routers;
  }

  createRouter(mediaCodecs: readonly RouterRtpCodecCapability[]): Promise<Router> {
    return this.#worker.createRouter({ mediaCodecs: [...mediaCodecs] });
  }

  onceDied(died: () => void): void {
    this.#worker.once('died', died);
  }

  close(): void {
    this.#worker.close();
  }

  /** While one look waits for its answer there is no other: a late answer is a sample, not a queue. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const askedAtMs = performance.now();
    try {
      const usage = await this.#worker.getResourceUsage();
      this.#take(usage.ru_utime + usage.ru_stime, askedAtMs);
    } catch {
      // It has died; its owner hears of that.
    }
    this.#isLooking = false;
  }

  #take(cpuMs: number, askedAtMs: number): void {
    const atMs = performance.now();
    const before = this.#seen;
    this.#seen = { cpuMs, atMs };
    if (before === undefined) return;
    const cpuShare = (cpuMs - before.cpuMs) / (atMs - before.atMs);
    const sample = { cpuShare, answerMs: atMs - askedAtMs, consumers: this.#consumers };
    this.#samples = remember(this.#samples, sample);
  }

  #count(router: Router): void {
    this.#routers += 1;
    router.observer.once('close', () => (this.#routers -= 1));
    router.observer.on('newtransport', (transport) => {
      transport.observer.on('newconsumer', (consumer) => {
        this.#consumers += 1;
        consumer.observer.once('close', () => (this.#consumers -= 1));
      });
    });
  }
}

function listenInfo(protocol: 'udp' | 'tcp', index: number, config: RtcConfig): TransportListenInfo {
  return {
    protocol,
    ip: config.RTC_LISTEN_IP,
    ...(config.RTC_ANNOUNCED_ADDRESS && { announcedAddress: config.RTC_ANNOUNCED_ADDRESS }),
    ...(config.RTC_PORT > 0 && { port: config.RTC_PORT + index }),
  };
}

/**
 * mediasoup closes its workers by itself at the first SIGTERM, under the rooms that still drain. It asks for the signal while it is
 * called, so what has come to listen by then is its own. Workers end with {@link MediaWorker.close}, or with this process.
 */
function deafToSignals<T>(create: () => T): T {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const created = create();
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (before[index]?.includes(listener) === false) process.removeListener(signal, listener);
    }
  }
  return created;
}
