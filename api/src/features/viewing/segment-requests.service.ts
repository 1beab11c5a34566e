import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { NO_REQUESTS, paceRequest, type RequestPace } from '../../domain/delivery.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { type SegmentRequest, SegmentRequestSink } from '../playback-media/segment-request-sink.ts';
import { EvidenceRepository } from './evidence.repository.ts';

/** Requests gather so long, so that one write serves many players. A killed process forgets what waits. */
const GATHER_MS = 50;
const MOST_PER_WRITE = 2_000;
const RETRY_MS = 1_000;
/** While the database is away, the oldest requests are forgotten first. */
const MOST_WAITING = 100_000;

/** Writes down which segments were asked for, and finds bursts. */
@Injectable()
export class SegmentRequests extends SegmentRequestSink implements OnApplicationShutdown {
  #waiting: SegmentRequest[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly evidence: EvidenceRepository,
    private readonly unitOfWork: UnitOfWork,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super();
  }

  requested(request: SegmentRequest): void {
    this.#waiting.push(request);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    this.#timer ??= setTimeout(() => this.#next(), GATHER_MS);
  }

  /** Resolves when all that was asked for before has been written, or cannot be: before beats are judged by it. */
  written(): Promise<void> {
    if (this.#waiting.length > 0) this.#next();
    return this.#writing;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.written();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #next(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#drain());
  }

  /** What comes meanwhile gathers for the next time. */
  async #drain(): Promise<void> {
    for (let left = this.#waiting.length; left > 0; left -= MOST_PER_WRITE) {
      const batch = this.#waiting.splice(0, Math.min(left, MOST_PER_WRITE));
      try {
        await this.unitOfWork.run((tx) => this.#write(batch, tx));
      } catch (error) {
        this.log.warn({ err: error, requests: batch.length }, 'segment requests wait for the database');
        this.#waiting.unshift(...batch);
        if (this.#timer !== null) clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#next(), RETRY_MS).unref();
        break;
      }
    }
  }

  async #write(batch: readonly SegmentRequest[], tx: Tx): Promise<void> {
    const bySession = Map.groupBy(batch, ({ playbackId }) => playbackId);
    const paces = await this.evidence.lockPaces([...bySession.keys()], tx);
    const paced = Array.from(bySession, ([playbackId, requests]) => ({
      playbackId,
      ...paceAll(paces.get(playbackId) ?? NO_REQUESTS, requests),
    }));
    for (const { playbackId, voidFromMs } of paced) {
      if (voidFromMs !== null) await this.evidence.voidRequests(playbackId, voidFromMs, tx);
    }
    await this.evidence.request(
      paced.flatMap(({ valid }) => valid),
      tx,
    );
    await this.evidence.savePaces(paced, tx);
  }
}

/** Judges a session's requests in their order: how far it has gone after them, and which are no burst. */
function paceAll(before: RequestPace, requests: readonly SegmentRequest[]) {
  let pace = before;
  let voidFromMs: number | null = null;
  const valid: SegmentRequest[] = [];
  for (const request of requests.toSorted((a, b) => a.atMs - b.atMs)) {
    const judged = paceRequest(pace, request, request.openedAtMs, VIEWING);
    pace = judged.pace;
    valid.push(request);
    const fromMs = judged.voidFromMs;
    if (fromMs === null) continue;
    voidFromMs = Math.min(voidFromMs ?? fromMs, fromMs);
    while ((valid.at(-1)?.atMs ?? -1) >= fromMs) valid.pop();
  }
  return { pace, voidFromMs, valid };
}
