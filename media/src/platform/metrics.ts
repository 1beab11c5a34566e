import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

interface RoomCounts {
  readonly rooms: number;
  readonly peers: number;
  readonly consumers: number;
}

/**
 * What the node tells Prometheus; what is read elsewhere when it is asked for registers itself in `registry`. Names end in their
 * unit, HELP says it again, and no label has more values than this code names. A registry of its own, so that two nodes in one
 * test process don't meet.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #of = { registers: [this.registry] };

  readonly #rooms = new Gauge({ name: 'yike_media_rooms', help: 'Open rooms. Unit: rooms.', ...this.#of });
  readonly #peers = new Gauge({
    name: 'yike_media_peers',
    help: 'Peers in all rooms. Unit: peers.',
    ...this.#of,
  });
  readonly #consumers = new Gauge({
    name: 'yike_media_consumers',
    help: 'Consumers of all peers. Unit: consumers.',
    ...this.#of,
  });
  #countRooms: (() => RoomCounts) | undefined;

  readonly requests = new Histogram({
    name: 'yike_media_http_request_seconds',
    help: 'Duration of HTTP requests, by route template; playlist reloads that wait for the next part are long. Unit: seconds.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10],
    ...this.#of,
  });
  readonly socketConnections = new Gauge({
    name: 'yike_media_socket_connections',
    help: 'Pages connected for signaling. Unit: connections.',
    ...this.#of,
  });
  readonly socketMessages = new Histogram({
    name: 'yike_media_socket_message_seconds',
    help: 'Time from a signaling message to its acknowledgement; outcome is ok or the code of the problem. Unit: seconds.',
    labelNames: ['event', 'outcome'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    ...this.#of,
  });

  readonly outboxDepth = new Gauge({
    name: 'yike_media_outbox_events',
    help: 'Events that the API has not accepted yet. Unit: events.',
    ...this.#of,
  });
  readonly eventsDropped = new Counter({
    name: 'yike_media_events_dropped_total',
    help: 'Delivery reports and viewer counts given up because the outbox was full. Unit: events.',
    ...this.#of,
  });
  readonly eventsRefused = new Counter({
    name: 'yike_media_events_refused_total',
    help: 'Events that the API refused; they are parked in a file. Unit: events.',
    ...this.#of,
  });
  readonly workerRestarts = new Counter({
    name: 'yike_media_worker_restarts_total',
    help: 'mediasoup workers that died and were replaced. Unit: workers.',
    ...this.#of,
  });
  readonly abusersDisconnected = new Counter({
    name: 'yike_media_abusers_disconnected_total',
    help: 'Sockets closed for sending too many messages. Unit: sockets.',
    ...this.#of,
  });

  readonly epochs = new Counter({
    name: 'yike_media_recorder_epochs_total',
    help: 'Recorder epochs begun: one each time that a lecturer comes or ffmpeg is started again. Unit: epochs.',
    ...this.#of,
  });
  readonly epochFailures = new Counter({
    name: 'yike_media_recorder_failures_total',
    help: 'Recorders that did not start or died, by reason; the next epoch begins at once, which restarts ffmpeg. Unit: failures.',
    labelNames: ['reason'],
    ...this.#of,
  });
  readonly uploads = new Histogram({
    name: 'yike_media_upload_seconds',
    help: 'Duration of one PUT to object storage, by result (stored, conflict, failed). Unit: seconds.',
    labelNames: ['result'],
    buckets: [0.01, 0.05, 0.2, 1, 5, 30],
    ...this.#of,
  });
  readonly uploadedBytes = new Counter({
    name: 'yike_media_uploaded_bytes_total',
    help: 'Bytes that object storage has confirmed. Unit: bytes.',
    ...this.#of,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
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
    return this.registry.metrics();
  }
}
