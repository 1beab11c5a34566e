import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOG, type Log } from '../platform/logger.ts';
import { RECORDING, type RecordingPort } from '../sfu/recording-port.ts';
import { Rooms } from '../sfu/rooms.ts';
import { WorkerPool } from '../sfu/worker-pool.ts';
import { Broadcasts } from './broadcasts.ts';
import { EventOutbox } from './event-outbox.ts';
import { EventShipper } from './event-shipper.ts';
import { Heartbeat } from './heartbeat.ts';

/** Each step's share of the 8 s that a supervisor waits. */
const TELL_API_WITHIN_MS = 1000;
const STOP_RECORDERS_WITHIN_MS = 4000;
const FLUSH_WITHIN_MS = 1500;

/** The order in which the node comes up and goes down. */
@Injectable()
export class Lifecycle implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #broadcasts: Broadcasts;
  readonly #rooms: Rooms;
  readonly #recording: RecordingPort;
  readonly #outbox: EventOutbox;
  readonly #shipper: EventShipper;
  readonly #heartbeat: Heartbeat;
  readonly #pool: WorkerPool;
  readonly #log: Log;

  constructor(
    broadcasts: Broadcasts,
    rooms: Rooms,
    @Inject(RECORDING) recording: RecordingPort,
    outbox: EventOutbox,
    shipper: EventShipper,
    heartbeat: Heartbeat,
    pool: WorkerPool,
    @Inject(LOG) log: Log,
  ) {
    this.#broadcasts = broadcasts;
    this.#rooms = rooms;
    this.#recording = recording;
    this.#outbox = outbox;
    this.#shipper = shipper;
    this.#heartbeat = heartbeat;
    this.#pool = pool;
    this.#log = log;
  }

  /** Takes up what an earlier process left, rooms and spool, then tells the API where this one listens. */
  async start(ownUrl: string): Promise<void> {
    await this.#broadcasts.takeUp(this.#recording.recover());
    this.#shipper.start();
    this.#heartbeat.start(ownUrl);
    this.#log.info({ url: ownUrl }, 'media node is up');
  }

  /** Drains, while sockets and workers are still there: no new broadcast, pages told, epochs ended, events away. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#log.info('media node drains');
    this.#broadcasts.drain();
    await atMost(TELL_API_WITHIN_MS, this.#heartbeat.drain());
    await this.#rooms.closeAll('draining');
    await atMost(STOP_RECORDERS_WITHIN_MS, this.#recording.shutdown());
    await this.#shipper.flush(FLUSH_WITHIN_MS);
    this.#shipper.stop();
    await this.#outbox.close();
  }

  onApplicationShutdown(): void {
    this.#pool.close();
    this.#log.info('media node is down');
  }
}

/** Waits for the work, but no longer. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
