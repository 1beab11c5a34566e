import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PlaybackId, UserId } from '@yike/contracts/ids';
import type { Beat } from '@yike/contracts/realtime/viewing';
import type { Logger } from 'pino';
import { DomainError, NotFound } from '../../domain/domain-error.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import { Clock } from '../../platform/clock.ts';
import { isDatabaseAway } from '../../platform/database/database-errors.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Metrics } from '../../platform/health/metrics.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { BeatsRepository, type KeptBeat } from './beats.repository.ts';
import { EvaluationService } from './evaluation.service.ts';
import { JudgingService } from './judging.service.ts';
import { LeasesRepository } from './leases.repository.ts';
import { type Playback, PlaybacksRepository } from './playbacks.repository.ts';
import { Proofs } from './proofs.service.ts';

/** The session is closed, and its grace for late beats is over. */
class PlaybackClosed extends DomainError {
  readonly code = 'playback-closed';
}

interface Submission {
  readonly userId: UserId;
  readonly beats: readonly Beat[];
  readonly arrivedAtMs: number;
  readonly settle: (failure: Error | null) => void;
}

/** Beats are gathered this long, and while the last batch is written, so that one transaction serves many viewers. */
const GATHER_MS = 100;
const MOST_PER_FLUSH = 1_000;

/**
 * Takes beats of many viewers, and answers each when its time is committed. A batch that fails because of one viewer is done again
 * viewer by viewer; one that fails because of the database fails for all, and clients send again.
 */
@Injectable()
export class BeatRecorder implements OnApplicationShutdown {
  #waiting: Submission[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly playbacks: PlaybacksRepository,
    private readonly leases: LeasesRepository,
    private readonly beats: BeatsRepository,
    private readonly proofs: Proofs,
    private readonly judging: JudgingService,
    private readonly evaluation: EvaluationService,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Resolves after the commit.
   * @throws NotFound for another's session, PlaybackClosed, and what the database throws
   */
  record(userId: UserId, beats: readonly Beat[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (failure: Error | null): void => (failure === null ? resolve() : reject(failure));
      this.#waiting.push({ userId, beats, arrivedAtMs: this.clock.nowMs(), settle });
      this.#timer ??= setTimeout(() => this.#next(), GATHER_MS);
    });
  }

  /** What has arrived is still committed. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#timer !== null) this.#next();
    await this.#flushing;
  }

  #next(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushing = this.#flushing.then(() => this.#drain());
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MOST_PER_FLUSH);
      this.#waiting = this.#waiting.slice(MOST_PER_FLUSH);
      await this.#commit(batch);
    }
  }

  async #commit(batch: readonly Submission[]): Promise<void> {
    const begunAt = performance.now();
    try {
      const { failures, due } = await this.unitOfWork.run((tx) => this.#write(batch, tx));
      this.#count(batch, failures, performance.now() - begunAt);
      await this.evaluation.evaluateSoon(due);
      for (const each of batch) each.settle(failures.get(each) ?? null);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.log.warn({ err: failure, viewers: batch.length }, 'beats were not committed');
      if (batch.length === 1 || isDatabaseAway(error)) {
        const beats = batch.reduce((sum, each) => sum + each.beats.length, 0);
        this.metrics.beats.inc({ outcome: isDatabaseAway(error) ? 'database-away' : 'failed' }, beats);
        for (const each of batch) each.settle(failure);
      } else for (const each of batch) await this.#commit([each]);
    }
  }

  #count(batch: readonly Submission[], failures: ReadonlyMap<Submission, DomainError>, ms: number): void {
    this.metrics.beatBatches.observe(batch.length);
    this.metrics.beatCommits.observe(ms / 1000);
    for (const each of batch) {
      this.metrics.beats.inc({ outcome: failures.get(each)?.code ?? 'committed' }, each.beats.length);
    }
  }

  async #write(batch: readonly Submission[], tx: Tx) {
    const ids = batch.flatMap(({ beats }) => beats.map(({ playbackId }) => playbackId));
    await this.leases.lock(
      batch.map(({ userId }) => userId),
      tx,
    );
    const playbacks = await this.playbacks.byIds(ids, tx);
    const failures = new Map<Submission, DomainError>();
    for (const each of batch) {
      const refusal = refusalOf(each, playbacks);
      if (refusal !== null) failures.set(each, refusal);
    }
    const taken = batch.filter((each) => !failures.has(each));
    const kept = taken.flatMap((each) => keptBeats(each, playbacks));
    await this.beats.insert(kept, tx);
    await this.proofs.take(claimedProofs(taken, playbacks), tx);
    const heard = lastWords(taken);
    await this.playbacks.hear(heard, tx);
    const bySession = Map.groupBy(kept, ({ playbackId }) => playbackId);
    const tasks = heard.flatMap(({ id }) => {
      const playback = playbacks.get(id);
      return playback === undefined ? [] : [{ playback, fromMs: firstMoment(playback, bySession.get(id)) }];
    });
    return { failures, due: await this.judging.judge(tasks, this.clock.nowMs(), tx) };
  }
}

function refusalOf({ userId, beats, arrivedAtMs }: Submission, playbacks: ReadonlyMap<PlaybackId, Playback>) {
  for (const { playbackId } of beats) {
    const playback = playbacks.get(playbackId);
    if (playback?.userId !== userId) return new NotFound('there is no such playback session');
    const { closedAtMs } = playback;
    if (closedAtMs !== null && arrivedAtMs > closedAtMs + VIEWING.graceMs) {
      return new PlaybackClosed('this playback session has ended');
    }
  }
  return null;
}

const keptBeats = (
  { beats, arrivedAtMs }: Submission,
  playbacks: ReadonlyMap<PlaybackId, Playback>,
): KeptBeat[] =>
  beats.flatMap(({ playbackId, seq, spans }) => {
    const openedAtMs = playbacks.get(playbackId)?.openedAtMs;
    return openedAtMs === undefined ? [] : [{ playbackId, openedAtMs, seq, arrivedAtMs, spans }];
  });

const claimedProofs = (taken: readonly Submission[], playbacks: ReadonlyMap<PlaybackId, Playback>) =>
  taken
    .flatMap(({ beats }) => beats)
    .flatMap(({ playbackId, proofs }) => {
      const playback = playbacks.get(playbackId);
      return playback === undefined ? [] : proofs.map((proof) => ({ ...proof, playback }));
    });

/** Each session's latest beat says where its player stands. */
function lastWords(taken: readonly Submission[]) {
  const last = new Map<PlaybackId, { id: PlaybackId; atMs: number; positionMs: number; seq: number }>();
  for (const { beats, arrivedAtMs } of taken) {
    for (const { playbackId: id, positionMs, seq } of beats) {
      if (seq > (last.get(id)?.seq ?? 0)) last.set(id, { id, atMs: arrivedAtMs, positionMs, seq });
    }
  }
  return [...last.values()];
}

/** Late beats reach back behind what was settled. */
function firstMoment({ openedAtMs, settledToMs }: Playback, kept: readonly KeptBeat[] = []): number {
  const fromMs = kept
    .flatMap(({ spans }) => spans.map(({ clockFromMs }) => openedAtMs + clockFromMs))
    .reduce((least, ms) => Math.min(least, ms), settledToMs);
  return Math.max(openedAtMs, fromMs);
}
