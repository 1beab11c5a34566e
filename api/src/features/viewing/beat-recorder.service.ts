import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PlaybackId, UserId } from '@yike/contracts/ids';
import type { Beat } from '@yike/contracts/realtime/viewing';
import type { Logger } from 'pino';
import type { CoverageSets } from '../../domain/completion.ts';
import { DomainError, NotFound } from '../../domain/domain-error.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import { Clock } from '../../platform/clock.ts';
import { isDatabaseAway } from '../../platform/database/database-errors.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Metrics } from '../../platform/health/metrics.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { BeatsRepository, type KeptBeat } from './beats.repository.ts';
import { coverageKey } from './coverages.repository.ts';
import { EvaluationService } from './evaluation.service.ts';
import { JudgingService } from './judging.service.ts';
import { LeasesRepository } from './leases.repository.ts';
import { type LastWord, type Playback, PlaybacksRepository } from './playbacks.repository.ts';
import { Proofs } from './proofs.service.ts';
import { SegmentRequests } from './segment-requests.service.ts';
import { NOTHING } from './running-sums.ts';

/** The session is closed, and its grace for late beats is over. */
class PlaybackClosed extends DomainError {
  readonly code = 'playback-closed';
}

/** What is known of the session of a submission's last beat once it is committed. */
export interface RecordedBeats {
  readonly playback: Playback;
  readonly coverage: CoverageSets;
  readonly holdsLease: boolean;
}

interface Submission {
  readonly userId: UserId;
  readonly beats: readonly Beat[];
  readonly arrivedAtMs: number;
  readonly resolve: (recorded: RecordedBeats) => void;
  readonly reject: (failure: Error) => void;
}

/** Beats are gathered this long, and while the last batch is written, so that one transaction serves many viewers. */
const GATHER_MS = 100;
const MOST_PER_FLUSH = 1_000;
/** Batches at once: while the database works on one, the next is judged. */
const LANES = 2;

/**
 * Takes beats of many viewers, and answers each when its time is committed. A batch that fails because of one viewer is done again
 * viewer by viewer; one that fails because of the database fails for all, and clients send again.
 */
@Injectable()
export class BeatRecorder implements OnApplicationShutdown {
  #waiting: Submission[] = [];
  #timer: NodeJS.Timeout | null = null;
  readonly #lanes = new Set<Promise<void>>();
  /** Whose beats are being written: theirs that came meanwhile wait, so that no batch waits for another one's rows. */
  readonly #busy = new Set<UserId>();

  constructor(
    private readonly playbacks: PlaybacksRepository,
    private readonly leases: LeasesRepository,
    private readonly beats: BeatsRepository,
    private readonly proofs: Proofs,
    private readonly requests: SegmentRequests,
    private readonly judging: JudgingService,
    private readonly evaluation: EvaluationService,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Resolves after the commit.
   * @param beats at least one
   * @throws NotFound for another's session, PlaybackClosed, and what the database throws
   */
  record(userId: UserId, beats: readonly Beat[]): Promise<RecordedBeats> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ userId, beats, arrivedAtMs: this.clock.nowMs(), resolve, reject });
      this.#timer ??= setTimeout(() => this.#next(), GATHER_MS);
    });
  }

  /** What has arrived is still committed. */
  async onApplicationShutdown(): Promise<void> {
    this.#next();
    await Promise.all(this.#lanes);
  }

  #next(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#lanes.size === LANES) return; // Each takes what waits when it is done.
    const lane = this.#drain().finally(() => this.#lanes.delete(lane));
    this.#lanes.add(lane);
  }

  async #drain(): Promise<void> {
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      const users = new Set(batch.map(({ userId }) => userId));
      for (const userId of users) this.#busy.add(userId);
      await this.requests.written();
      await this.#commit(batch);
      for (const userId of users) this.#busy.delete(userId);
    }
  }

  /** The next batch, of those whose beats are not being written. */
  #take(): Submission[] {
    const batch: Submission[] = [];
    const rest: Submission[] = [];
    for (const each of this.#waiting) {
      const isNext = batch.length < MOST_PER_FLUSH && !this.#busy.has(each.userId);
      (isNext ? batch : rest).push(each);
    }
    this.#waiting = rest;
    return batch;
  }

  async #commit(batch: readonly Submission[]): Promise<void> {
    const begunAt = performance.now();
    try {
      const { outcomes, due } = await this.unitOfWork.run((tx) => this.#write(batch, tx));
      this.#count(outcomes, performance.now() - begunAt);
      await this.evaluation.evaluateSoon(due);
      for (const [each, outcome] of outcomes) {
        if (outcome instanceof DomainError) each.reject(outcome);
        else each.resolve(outcome);
      }
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.log.warn({ err: failure, viewers: batch.length }, 'beats were not committed');
      if (batch.length === 1 || isDatabaseAway(error)) {
        const beats = batch.map((each) => each.beats.length);
        this.metrics.beats.inc({ outcome: isDatabaseAway(error) ? 'database-away' : 'failed' }, sum(beats));
        for (const each of batch) each.reject(failure);
      } else for (const each of batch) await this.#commit([each]);
    }
  }

  #count(outcomes: ReadonlyMap<Submission, RecordedBeats | DomainError>, ms: number): void {
    this.metrics.beatBatches.observe(outcomes.size);
    this.metrics.beatCommits.observe(ms / 1000);
    const codes = Map.groupBy(outcomes, ([, outcome]) =>
      outcome instanceof DomainError ? outcome.code : 'committed',
    );
    for (const [outcome, some] of codes) {
      this.metrics.beats.inc({ outcome }, sum(some.map(([{ beats }]) => beats.length)));
    }
  }

  async #write(batch: readonly Submission[], tx: Tx) {
    const ids = batch.flatMap(({ beats }) => beats.map(({ playbackId }) => playbackId));
    const leases = await this.leases.lock(
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
    const bySession = Map.groupBy(kept, ({ playbackId }) => playbackId);
    const tasks = Array.from(lastWords(taken), ([id, word]) => {
      const playback = playbackOf(playbacks, id);
      return { playback, fromMs: firstMoment(playback, bySession.get(id)), word };
    });
    const { due, coverages } = await this.judging.judge(tasks, this.clock.nowMs(), tx);
    const outcomes = new Map(
      batch.map((each): [Submission, RecordedBeats | DomainError] => {
        const failure = failures.get(each);
        if (failure !== undefined) return [each, failure];
        const playback = playbackOf(playbacks, each.beats.at(-1)?.playbackId);
        const coverage = coverages.get(coverageKey(playback.userId, playback.lineageId)) ?? NOTHING;
        const holdsLease = leases.get(each.userId)?.holder?.playbackId === playback.id;
        return [each, { playback, coverage, holdsLease }];
      }),
    );
    return { outcomes, due };
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function playbackOf(playbacks: ReadonlyMap<PlaybackId, Playback>, id: PlaybackId | undefined): Playback {
  const playback = id === undefined ? undefined : playbacks.get(id);
  if (playback === undefined) throw new Error('beats were taken of a session that was not loaded');
  return playback;
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
function lastWords(taken: readonly Submission[]): Map<PlaybackId, LastWord> {
  const last = new Map<PlaybackId, LastWord & { readonly seq: number }>();
  for (const { beats, arrivedAtMs } of taken) {
    for (const { playbackId, positionMs, seq } of beats) {
      if (seq > (last.get(playbackId)?.seq ?? 0))
        last.set(playbackId, { atMs: arrivedAtMs, positionMs, seq });
    }
  }
  return last;
}

/** Late beats reach back behind what was settled. */
function firstMoment({ openedAtMs, settledToMs }: Playback, kept: readonly KeptBeat[] = []): number {
  const fromMs = kept
    .flatMap(({ spans }) => spans.map(({ clockFromMs }) => openedAtMs + clockFromMs))
    .reduce((least, ms) => Math.min(least, ms), settledToMs);
  return Math.max(openedAtMs, fromMs);
}
