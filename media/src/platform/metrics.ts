import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';

interface RoomCounts {
  readonly rooms: number;
  readonly peers: number;
  readonly consumers: number;
}

/** What the node tells Prometheus. A registry of its own, so that two nodes in one test process don't meet. */
@Injectable()
export class Metrics {
  readonly #registry = new Registry();
  readonly #of = { registers: [this.#registry] };

  readonly #rooms = new Gauge({ name: 'yike_media_rooms', help: 'Open rooms', ...this.#of });
  readonly #peers = new Gauge({ name: 'yike_media_peers', help: 'Peers in all rooms', ...this.#of });
  readonly #consumers = new Gauge({
    name: 'yike_media_consumers',
    help: 'Consumers of all peers',
    ...this.#of,
  });
  #countRooms: (() => RoomCounts) | undefined;

  readonly outboxDepth = new Gauge({
    name: 'yike_media_outbox_depth',
    help: 'Events that the API has not accepted yet',
    ...this.#of,
  });
  readonly eventsDropped = new Counter({
    name: 'yike_media_events_dropped_total',
    help: 'Delivery reports and viewer counts given up because the outbox was full',
    ...this.#of,
  });
  readonly eventsRefused = new Counter({
    name: 'yike_media_events_refused_total',
    help: 'Events that the API refused; they are parked in a file',
    ...this.#of,
  });
  readonly workerRestarts = new Counter({
    name: 'yike_media_worker_restarts_total',
    help: 'mediasoup workers that died and were replaced',
    ...this.#of,
  });
  readonly abusersDisconnected = new Counter({
    name: 'yike_media_abusers_disconnected_total',
    help: 'Sockets closed for sending too many messages',
    ...this.#of,
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Takes the rooms' figures when they are asked for. */
  watch(countRooms: () => RoomCounts): void {
    this.#countRooms = countRooms;
  }

  /** The text exposition format. */
  exposition(): Promise<string> {
    const { rooms, peers, consumers } = this.#countRooms?.() ?? { rooms: 0, peers: 0, consumers: 0 };
    this.#rooms.set(rooms);
    this.#peers.set(peers);
    this.#consumers.set(consumers);
    return this.#registry.metrics();
  }
}
