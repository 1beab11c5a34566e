import type { Router, RtpCapabilities, WebRtcTransport } from 'mediasoup/types';
import type { MediaWorker } from './media-worker.ts';
import { ROUTER_CODECS } from '../core/codecs.ts';

/** The start of congestion control; a picture of 1.4 Mbit/s passes at once. */
const INITIAL_OUTGOING_BITRATE = 3_000_000;

/** A room's router on its worker: what the room and its peers need of mediasoup. */
export class RoomMedia {
  readonly router: Router;
  readonly #worker: MediaWorker;

  private constructor(worker: MediaWorker, router: Router) {
    this.#worker = worker;
    this.router = router;
  }

  static async create(worker: MediaWorker): Promise<RoomMedia> {
    return new RoomMedia(worker, await worker.createRouter(ROUTER_CODECS));
  }

  /** Its worker carries as much as it can: nobody else is let in to watch. */
  get isFull(): boolean {
    return this.#worker.load >= 1;
  }

  createTransport(): Promise<WebRtcTransport> {
    return this.router.createWebRtcTransport({
      webRtcServer: this.#worker.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      enableSctp: false,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
    });
  }

  canConsume(producerId: string, rtpCapabilities: RtpCapabilities): boolean {
    return this.router.canConsume({ producerId, rtpCapabilities });
  }

  close(): void {
    this.router.close();
  }
}
