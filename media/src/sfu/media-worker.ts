import { createWorker } from 'mediasoup';
import type {
  Router,
  RouterRtpCodecCapability,
  TransportListenInfo,
  WebRtcServer,
  Worker,
} from 'mediasoup/types';
import type { MediaConfig } from '../config.ts';

export type RtcConfig = Pick<
  MediaConfig,
  'RTC_LISTEN_IP' | 'RTC_ANNOUNCED_ADDRESS' | 'RTC_PORT' | 'MEDIASOUP_WORKER_BIN'
>;

/** One mediasoup worker process with its WebRtcServer: all its transports share one UDP and one TCP port. */
export class MediaWorker {
  readonly index: number;
  readonly webRtcServer: WebRtcServer;
  readonly #worker: Worker;
  #consumers = 0;
  #routers = 0;

  private constructor(index: number, worker: Worker, webRtcServer: WebRtcServer) {
    this.index = index;
    this.#worker = worker;
    this.webRtcServer = webRtcServer;
    worker.observer.on('newrouter', (router) => this.#count(router));
  }

  /** @throws when the worker cannot be started or a port is taken */
  static async create(index: number, config: RtcConfig): Promise<MediaWorker> {
    const worker = await createWorker({
      logLevel: 'warn',
      ...(config.MEDIASOUP_WORKER_BIN && { workerBin: config.MEDIASOUP_WORKER_BIN }),
    });
    try {
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: [listenInfo('udp', index, config), listenInfo('tcp', index, config)],
      });
      return new MediaWorker(index, worker, webRtcServer);
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

  /** Consumers of all its routers, recorders' included: what a worker's work grows with. */
  get consumers(): number {
    return this.#consumers;
  }

  /** Compares by load: by consumers, and by rooms where nobody watches yet. */
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
