import { Inject, Injectable } from '@nestjs/common';
import { MediaEventReply } from '@yike/contracts/control/events';
import { LOG, type Log } from '../platform/logger.ts';
import { ApiClient, ApiRefused } from './api-client.ts';
import { backoffMs } from './backoff.ts';
import { EventOutbox } from './event-outbox.ts';

const PATH = '/api/internal/media-events';
const RETRY = { baseMs: 500, maxMs: 15_000 };
const MOST_FAILURES_OF_FLUSH = 3;

/** Carries the outbox to the API, batch by batch, in order; while the API is away it waits, jittered. */
@Injectable()
export class EventShipper {
  readonly #outbox: EventOutbox;
  readonly #api: ApiClient;
  readonly #log: Log;
  #isRunning = false;
  #isShipping = false;
  #failures = 0;
  #batchLimit: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(outbox: EventOutbox, api: ApiClient, @Inject(LOG) log: Log) {
    this.#outbox = outbox;
    this.#api = api;
    this.#log = log;
  }

  start(): void {
    this.#isRunning = true;
    this.#outbox.onReady(() => {
      if (this.#timer === undefined) void this.#shipAll();
    });
    void this.#shipAll();
  }

  /** Ships what it can within the time, also where it was waiting after failures; the rest stays in the outbox. */
  async flush(withinMs: number): Promise<void> {
    const until = Date.now() + withinMs;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#failures = 0;
    while (this.#outbox.depth > 0 && Date.now() < until && this.#failures < MOST_FAILURES_OF_FLUSH) {
      await this.#shipAll();
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  async #shipAll(): Promise<void> {
    if (this.#isShipping) return;
    this.#isShipping = true;
    this.#timer = undefined;
    try {
      while (this.#isRunning && this.#outbox.batch(1).length > 0) await this.#shipOne();
      this.#failures = 0;
    } catch (error) {
      this.#retryLater(error);
    } finally {
      this.#isShipping = false;
    }
  }

  async #shipOne(): Promise<void> {
    const events = this.#outbox.batch(this.#batchLimit);
    try {
      const reply = MediaEventReply.parse(await this.#api.send('POST', PATH, { events }));
      for (const { id, reason } of reply.refused) await this.#outbox.park(id, reason);
      await this.#outbox.accept(reply.accepted);
      this.#batchLimit = undefined;
      if (reply.accepted.length + reply.refused.length === 0) throw new Error('the API took no event');
    } catch (error) {
      if (!(error instanceof ApiRefused && error.isOfBody)) throw error;
      await this.#narrow(events.length, events[0]?.id, error);
    }
  }

  /** Something in the batch cannot be read by the API: halve it until the culprit stands alone. */
  async #narrow(size: number, firstId: string | undefined, error: ApiRefused): Promise<void> {
    if (size > 1) {
      this.#batchLimit = Math.ceil(size / 2);
    } else if (firstId !== undefined) {
      await this.#outbox.park(firstId, error.message);
    }
  }

  #retryLater(error: unknown): void {
    const waitMs = backoffMs(this.#failures, RETRY);
    if (this.#failures === 0) this.#log.warn({ err: error }, 'events wait: the API does not take them');
    this.#failures += 1;
    if (!this.#isRunning) return;
    this.#timer = setTimeout(() => void this.#shipAll(), waitMs);
  }
}
