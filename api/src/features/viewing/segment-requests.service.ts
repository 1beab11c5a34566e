import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PlaybackId } from '@yike/contracts/ids';
import type { Logger } from 'pino';
import { paceRequest } from '../../domain/delivery.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { type SegmentRequest, SegmentRequestSink } from '../playback-media/segment-request-sink.ts';
import { SegmentIndex } from '../timelines/segment-index.ts';
import { EvidenceRepository } from './evidence.repository.ts';
import { type Playback, PlaybacksRepository } from './playbacks.repository.ts';

const MOST_PER_WRITE = 2_000;
const RETRY_MS = 1_000;
/** While the database is away, the oldest requests are forgotten first. */
const MOST_WAITING = 100_000;

/**
 * Writes down which segments were asked for, and finds bursts. While one write runs the next ones gather; nothing waits longer than
 * that, since a killed process forgets what waits here.
 */
@Injectable()
export class SegmentRequests extends SegmentRequestSink implements OnApplicationShutdown {
  #waiting: SegmentRequest[] = [];
  #writing: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;

  constructor(
    private readonly playbacks: PlaybacksRepository,
    private readonly evidence: EvidenceRepository,
    private readonly segments: SegmentIndex,
    private readonly unitOfWork: UnitOfWork,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super();
  }

  requested(request: SegmentRequest): void {
    this.#waiting.push(request);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    if (this.#retry === null) this.#writing ??= this.#drain();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#retry !== null) clearTimeout(this.#retry);
    await (this.#writing ?? this.#drain());
  }

  async #drain(): Promise<void> {
    await Promise.resolve(); // Let the requests of this turn gather.
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_PER_WRITE);
      try {
        await this.unitOfWork.run((tx) => this.#write(batch, tx));
      } catch (error) {
        this.log.warn({ err: error, requests: batch.length }, 'segment requests wait for the database');
        this.#waiting.unshift(...batch);
        this.#retry = setTimeout(() => this.#again(), RETRY_MS).unref();
        break;
      }
    }
    this.#writing = null;
  }

  #again(): void {
    this.#retry = null;
    this.#writing ??= this.#drain();
  }

  async #write(batch: readonly SegmentRequest[], tx: Tx): Promise<void> {
    const bySession = Map.groupBy(batch, ({ playbackId }) => playbackId);
    const playbacks = await this.playbacks.byIds([...bySession.keys()], tx);
    for (const id of [...bySession.keys()].sort()) {
      const playback = playbacks.get(id);
      if (playback !== undefined) await this.#writeSession(playback, bySession.get(id) ?? [], tx);
    }
  }

  async #writeSession(playback: Playback, requests: readonly SegmentRequest[], tx: Tx): Promise<void> {
    const known = await this.segments.find(
      playback.lineageId,
      requests.map(({ segment }) => segment),
      tx,
    );
    let pace = await this.evidence.lockPace(playback.id, tx);
    let voidFromMs: number | null = null;
    const valid: {
      playbackId: PlaybackId;
      segment: string;
      media: { fromMs: number; toMs: number };
      atMs: number;
    }[] = [];
    for (const { segment, atMs } of requests.toSorted((a, b) => a.atMs - b.atMs)) {
      const found = known.get(segment);
      if (found === undefined) continue;
      const media = { fromMs: found.startMs, toMs: found.endMs };
      const judged = paceRequest(pace, { media, atMs }, playback.openedAtMs, VIEWING);
      pace = judged.pace;
      valid.push({ playbackId: playback.id, segment, media, atMs });
      const fromMs = judged.voidFromMs;
      if (fromMs === null) continue;
      voidFromMs = Math.min(voidFromMs ?? fromMs, fromMs);
      while ((valid.at(-1)?.atMs ?? -1) >= fromMs) valid.pop();
    }
    if (voidFromMs !== null) await this.evidence.voidRequests(playback.id, voidFromMs, tx);
    await this.evidence.request(valid, tx);
    await this.evidence.savePace(playback.id, pace, tx);
  }
}
