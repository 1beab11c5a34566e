import type { DeliveryLine } from '@yike/contracts/control/events';
import { PlaybackId } from '@yike/contracts/ids';
import type { DeliveryReport } from './delivery-windows.ts';
import type { Peer } from './peer.ts';
import type { Room } from './room.ts';

const SAMPLE_EVERY_MS = 2000;
const REPORT_EVERY_MS = 10_000;
/** Peers who leave together are reported together. */
const REPORT_LEAVERS_AFTER_MS = 500;
/** A report stays far below the API's limit of a body. */
const MAX_LINES = 500;
/** Requests to the worker under way at once. */
const SAMPLES_AT_ONCE = 32;

/** Samples what each viewer of a room is sent, and reports it with what the HLS audience was: every 10 s, and soon after a peer left. */
export class DeliveryReporter {
  readonly #room: Room;
  readonly #report: (lines: DeliveryLine[]) => void;
  readonly #sampling: NodeJS.Timeout;
  readonly #reporting: NodeJS.Timeout;
  #isSampling = false;
  #leavers: DeliveryLine[] = [];
  #leaving = new Set<Promise<void>>();
  #reportingLeavers: NodeJS.Timeout | undefined;

  constructor(room: Room, report: (lines: DeliveryLine[]) => void) {
    this.#room = room;
    this.#report = report;
    this.#sampling = setInterval(() => void this.#sample(), SAMPLE_EVERY_MS);
    this.#reporting = setInterval(() => this.#reportAll(), REPORT_EVERY_MS);
    room.on('peer-left', (peer) => this.#take(peer));
  }

  /** Reports what is left; to be called after the room has closed. */
  async close(): Promise<void> {
    clearInterval(this.#sampling);
    clearInterval(this.#reporting);
    await Promise.all(this.#leaving);
    clearTimeout(this.#reportingLeavers);
    this.#reportAll();
  }

  async #sample(): Promise<void> {
    this.#room.audience.expire(Date.now());
    if (this.#isSampling) return;
    this.#isSampling = true;
    const viewers = this.#room.peers.filter(({ playbackId }) => playbackId !== undefined);
    for (let first = 0; first < viewers.length; first += SAMPLES_AT_ONCE) {
      const some = viewers.slice(first, first + SAMPLES_AT_ONCE);
      // A transport that closes meanwhile has no figures; its peer's last sample was taken at its close.
      await Promise.allSettled(some.map((peer) => peer.sampleDelivery()));
    }
    this.#isSampling = false;
  }

  #take(peer: Peer): void {
    const taken = peer.drainLastDelivery().then((report) => {
      this.#leavers.push(...toLine(peer, report));
      this.#reportingLeavers ??= setTimeout(() => this.#send([]), REPORT_LEAVERS_AFTER_MS);
    });
    this.#leaving.add(taken);
    void taken.finally(() => this.#leaving.delete(taken));
  }

  #reportAll(): void {
    const ofPeers = this.#room.peers.flatMap((peer) => toLine(peer, peer.drainDelivery()));
    this.#send([...ofPeers, ...this.#room.audience.drain()]);
  }

  #send(lines: DeliveryLine[]): void {
    clearTimeout(this.#reportingLeavers);
    this.#reportingLeavers = undefined;
    const all = [...this.#leavers, ...lines];
    this.#leavers = [];
    for (let first = 0; first < all.length; first += MAX_LINES)
      this.#report(all.slice(first, first + MAX_LINES));
  }
}

/** One line for a peer to whom something was delivered and whose playback counts; else none. */
function toLine({ playbackId }: Peer, report: DeliveryReport | null): DeliveryLine[] {
  const id = PlaybackId.safeParse(playbackId);
  return id.success && report ? [{ playbackId: id.data, by: 'bytes', ...report }] : [];
}
