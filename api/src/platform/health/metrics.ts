import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const REQUEST_BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10];
const SIZE_BUCKETS = [1, 3, 10, 30, 100, 300, 1_000];

/**
 * What the process itself counts, in Prometheus' format; what is read elsewhere when it is asked for registers itself in
 * `registry`. Names end in their unit, HELP says it again, and no label has more values than this code names.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #own = { registers: [this.registry] };

  readonly requests = new Histogram({
    name: 'yike_http_request_seconds',
    help: 'Duration of HTTP requests, by route template. Unit: seconds.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS,
    ...this.#own,
  });

  readonly socketConnections = new Gauge({
    name: 'yike_socket_connections',
    help: 'Pages connected by socket.io. Unit: connections.',
    ...this.#own,
  });

  readonly socketMessages = new Histogram({
    name: 'yike_socket_message_seconds',
    help: 'Time from a message of a page to its acknowledgement; outcome is ok or the code of the problem. Unit: seconds.',
    labelNames: ['event', 'outcome'],
    buckets: REQUEST_BUCKETS,
    ...this.#own,
  });

  readonly beats = new Counter({
    name: 'yike_beats_total',
    help: 'Viewing beats: committed, or refused with the reason in outcome. Unit: beats.',
    labelNames: ['outcome'],
    ...this.#own,
  });

  readonly beatBatches = new Histogram({
    name: 'yike_beat_batch_viewers',
    help: 'Viewers whose beats one transaction takes. Unit: viewers.',
    buckets: SIZE_BUCKETS,
    ...this.#own,
  });

  readonly beatCommits = new Histogram({
    name: 'yike_beat_commit_seconds',
    help: 'Duration of the transaction that takes a batch of beats. Unit: seconds.',
    buckets: REQUEST_BUCKETS,
    ...this.#own,
  });

  readonly mediaEvents = new Counter({
    name: 'yike_media_events_total',
    help: 'Events of media nodes, by type and outcome. Unit: events.',
    labelNames: ['type', 'outcome'],
    ...this.#own,
  });

  readonly mediaEventLag = new Histogram({
    name: 'yike_media_event_lag_seconds',
    help: 'Age of an event of a media node when it is taken. Unit: seconds.',
    labelNames: ['type'],
    buckets: [0.1, 0.5, 2, 10, 60, 600],
    ...this.#own,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
