import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { MediaEvent } from '@yike/contracts/control/events';
import { EventId, type MediaNodeId, newId } from '@yike/contracts/ids';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG, type MediaConfig } from '../config.ts';
import { LOG, type Log } from '../platform/logger.ts';
import { Metrics } from '../platform/metrics.ts';
import type { DraftEvent, EventSink } from '../recording/ports.ts';
import { backoffMs } from './backoff.ts';
import { EventNumbers } from './event-numbers.ts';
import { type JournalLine, OutboxJournal } from './outbox-journal.ts';
import { isDurable, nextBatch, shed } from './outbox-queue.ts';

/** Waiting events beyond which delivery reports and viewer counts are given up. */
const MAX_WAITING = 5000;
/** Accepted lines in the file beyond which it is written anew. */
const COMPACT_AFTER = 200;
/** Under the API's body limit of 1 MiB. */
const BATCH = { maxEvents: 500, maxBytes: 500_000 };
const DISK_RETRY = { baseMs: 200, maxMs: 5000 };

interface Writing {
  readonly event: MediaEvent;
  readonly lines: JournalLine[];
  readonly done: () => void;
}

/**
 * Events on their way to the API: numbered, on disk before `emit` resolves (all but delivery reports and viewer counts,
 * which are in memory until the outbox is closed), kept until the API has accepted them. At least once, in order.
 */
@Injectable()
export class EventOutbox implements EventSink {
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #journal: OutboxJournal;
  readonly #nodeId: MediaNodeId;
  readonly #numbers = new EventNumbers();
  #waiting: MediaEvent[] = [];
  #writing: Writing[] = [];
  /** Emitted, and not yet among those that wait. */
  #unwritten = 0;
  /** Every use of the journal, one after another. */
  #journalWork: Promise<void> = Promise.resolve();
  #isWriting = false;
  #acceptedLines = 0;
  #wake: () => void = () => undefined;

  constructor(
    @Inject(CONFIG) config: Pick<MediaConfig, 'SPOOL_DIR' | 'MEDIA_NODE_ID'>,
    @Inject(LOG) log: Log,
    metrics: Metrics,
  ) {
    this.#log = log;
    this.#metrics = metrics;
    this.#nodeId = config.MEDIA_NODE_ID;
    this.#journal = new OutboxJournal(path.join(config.SPOOL_DIR, 'outbox'));
    for (const line of this.#journal.found) {
      if ('event' in line) this.#waiting.push(line.event);
      else this.#numbers.restore(line.numbersOf, line.below);
    }
    if (this.#waiting.length > 0)
      log.info({ events: this.#waiting.length }, 'events of an earlier process wait');
    metrics.outboxDepth.set(this.#waiting.length);
  }

  /** Events that the API has not accepted yet. */
  get depth(): number {
    return this.#waiting.length + this.#unwritten;
  }

  /** Called whenever there is something new to ship. */
  onReady(wake: () => void): void {
    this.#wake = wake;
  }

  /** Never rejects: while the disk refuses, the event waits in memory and the disk is tried again. */
  emit(draft: DraftEvent): Promise<void> {
    const { n, reserve } = this.#numbers.next(draft.broadcastId);
    const own = { id: newId(EventId), nodeId: this.#nodeId, n, atMs: Date.now() };
    // A draft is an event without just these fields; TypeScript doesn't follow that through the union.
    const event = { ...draft, ...own };
    const lines: JournalLine[] = reserve === undefined ? [] : [reserve];
    if (isDurable(event)) lines.push({ event });
    this.#unwritten += 1;
    return new Promise((done) => {
      this.#writing.push({ event, lines, done });
      if (!this.#isWriting) void this.#write();
    });
  }

  /** The next events to ship, in order; empty when all is accepted. */
  batch(maxEvents = BATCH.maxEvents): MediaEvent[] {
    return nextBatch(this.#waiting, { ...BATCH, maxEvents });
  }

  /** The API has committed these: they need not be kept. */
  async accept(ids: readonly string[]): Promise<void> {
    const accepted = new Set(ids);
    const before = this.#waiting;
    this.#waiting = before.filter(({ id }) => !accepted.has(id));
    this.#metrics.outboxDepth.set(this.depth);
    this.#acceptedLines += before.filter((event) => accepted.has(event.id) && isDurable(event)).length;
    if (this.#acceptedLines >= COMPACT_AFTER) await this.compact();
  }

  /** The API can never take this one: it goes to a file beside, and no longer blocks the others. */
  async park(id: string, reason: string): Promise<void> {
    const event = this.#waiting.find((waiting) => waiting.id === id);
    if (event === undefined) return;
    this.#log.error({ eventId: id, type: event.type, reason }, 'event refused by the API and parked');
    this.#metrics.eventsRefused.inc();
    await this.#useJournal(() => this.#journal.park(event, reason));
    await this.accept([id]);
  }

  /** Writes the journal anew with what still waits, and must be there after a crash. */
  async compact(): Promise<void> {
    await this.#keep(isDurable);
  }

  /** Keeps everything that waits for the next process. */
  async close(): Promise<void> {
    await this.#keep(() => true);
    await this.#useJournal(() => this.#journal.close());
  }

  async #keep(isKept: (event: MediaEvent) => boolean): Promise<void> {
    await this.#useJournal(async () => {
      this.#acceptedLines = 0;
      const waiting = this.#waiting.filter(isKept).map((event) => ({ event }));
      await this.#journal.compact([...this.#numbers.reservations(), ...waiting]);
    });
  }

  /** Groups what was emitted while the disk was busy into one write. */
  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#writing.length > 0) {
      const group = this.#writing;
      this.#writing = [];
      const lines = group.flatMap((writing) => writing.lines);
      await this.#useJournal(async () => {
        if (lines.length > 0) await this.#appendUntilDone(lines);
        this.#enqueue(group.map(({ event }) => event));
      });
      for (const { done } of group) done();
      this.#wake();
    }
    this.#isWriting = false;
  }

  async #appendUntilDone(lines: readonly JournalLine[]): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#journal.append(lines);
        return;
      } catch (error) {
        if (attempt === 0) this.#log.error({ err: error }, 'the outbox cannot be written; trying again');
        await sleep(backoffMs(attempt, DISK_RETRY));
      }
    }
  }

  #enqueue(events: readonly MediaEvent[]): void {
    const all = [...this.#waiting, ...events];
    this.#unwritten -= events.length;
    this.#waiting = shed(all, MAX_WAITING);
    this.#metrics.eventsDropped.inc(all.length - this.#waiting.length);
    this.#metrics.outboxDepth.set(this.depth);
  }

  /** One at a time; a failure is told to its caller and doesn't stop the next. */
  #useJournal(work: () => Promise<void>): Promise<void> {
    const result = this.#journalWork.then(work);
    this.#journalWork = result.catch(() => undefined);
    return result;
  }
}
