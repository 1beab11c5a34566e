import { Injectable } from '@nestjs/common';
import { PlaybackId } from '@yike/contracts/ids';
import type { LineageId, MediaNodeId, UnitId, UserId } from '@yike/contracts/ids';
import type { OpenPlayback, Playback as OpenedPlayback } from '@yike/contracts/http/viewing';
import { LineageId as LineageIdSchema } from '@yike/contracts/ids';
import { DomainError, NotFound } from '../../domain/domain-error.ts';
import { passLease, takeLease } from '../../domain/lease.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import { Clock } from '../../platform/clock.ts';
import { hashToken, randomToken } from '../../platform/crypto/secrets.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Revocations } from '../../platform/security/revocations.ts';
import { Ids } from '../../platform/ids.ts';
import { BroadcastsService } from '../broadcasts/broadcasts.service.ts';
import { LecturesService } from '../lectures/lectures.service.ts';
import { LibraryService } from '../library/library.service.ts';
import { EvaluationService } from './evaluation.service.ts';
import { JudgingService, type JudgingTask } from './judging.service.ts';
import { LeasesRepository } from './leases.repository.ts';
import { LivePlaylists } from './live-playlists.service.ts';
import { type Playback, PlaybacksRepository } from './playbacks.repository.ts';
import { VerdictsRepository } from './verdicts.repository.ts';
import { BEAT_EVERY_MS, MAX_CLAIM_MS } from '@yike/contracts/realtime/viewing';

/** The broadcast is not on the air: its replay is in the library. */
class NotOnAir extends DomainError {
  readonly code = 'broadcast-not-live';
}

/** Another device plays, and nobody pressed Play here. */
class LeaseLost extends DomainError {
  readonly code = 'lease-lost';
}

/** A session that takes the lease, and the one that loses it. */
export interface LeaseChange {
  readonly since: string;
  readonly lost: { readonly playbackId: PlaybackId; readonly takenAt: string } | null;
}

/** What is to be played, before there is a session of it. */
type Playable = Pick<
  Playback,
  'lineageId' | 'mode' | 'unitId' | 'courseId' | 'broadcastId' | 'title' | 'cut'
> & {
  readonly offsetMs: number;
  readonly zeroAtMs: number | null;
  readonly lengthMs: number | null;
  /** Of a broadcast. */
  readonly mediaNode: MediaNodeId | null;
};

const ON_AIR = new Set(['live', 'interrupted', 'ending']);
/** Who stopped this near to the end begins again. */
const NEAR_END_MS = 5_000;

/** Opens and closes playback sessions, and gives the lease. */
@Injectable()
export class PlaybacksService {
  constructor(
    private readonly playbacks: PlaybacksRepository,
    private readonly leases: LeasesRepository,
    private readonly verdicts: VerdictsRepository,
    private readonly judging: JudgingService,
    private readonly evaluation: EvaluationService,
    private readonly library: LibraryService,
    private readonly broadcasts: BroadcastsService,
    private readonly lectures: LecturesService,
    private readonly live: LivePlaylists,
    private readonly unitOfWork: UnitOfWork,
    private readonly revocations: Revocations,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws NotFound, NotOnAir */
  async open(userId: UserId, wanted: OpenPlayback): Promise<OpenedPlayback> {
    const playable = wanted.mode === 'hls' ? await this.unit(wanted.unitId) : await this.broadcast(wanted);
    const { offsetMs, zeroAtMs, lengthMs, mediaNode, ...what } = playable;
    const resumeAtMs = await this.resumeAt(userId, what.lineageId, offsetMs, lengthMs);
    const token = what.mode === 'hls' || what.mode === 'hls-live' ? randomToken() : null;
    const id = this.ids.next(PlaybackId);
    const playlistUrl =
      wanted.mode === 'll-hls'
        ? await this.live.address(wanted.broadcastId, mediaNode, {
            id,
            isCounted: wanted.player === 'native',
          })
        : token && `/playback/${token}/index.m3u8`;
    const openedAtMs = this.clock.nowMs();
    const playback: Playback = {
      ...what,
      ...{ id, userId, openedAtMs },
      ...{ closedAtMs: null, heardAtMs: openedAtMs, settledToMs: openedAtMs, judgedAtMs: openedAtMs },
      positionMs: offsetMs + resumeAtMs,
    };
    await this.unitOfWork.run(async (tx) => {
      await this.leases.ensure(userId, tx);
      await this.playbacks.insert(playback, token === null ? null : hashToken(token), tx);
    });
    return {
      id,
      mode: what.mode,
      openedAt: new Date(openedAtMs).toISOString(),
      playlistUrl,
      resumeAtMs,
      timelineOffsetMs: offsetMs,
      timelineZeroAtMs: zeroAtMs,
      beatEveryMs: BEAT_EVERY_MS,
      maxClaimMs: MAX_CLAIM_MS,
    };
  }

  /**
   * Pressing Play; or, `insteadOf` another session of the same page, going on by another way without a press.
   * @throws NotFound for another's session or a closed one, LeaseLost
   */
  takeLease(userId: UserId, playbackId: PlaybackId, insteadOf?: PlaybackId): Promise<LeaseChange> {
    return this.unitOfWork.run(async (tx) => {
      const lease = (await this.leases.lock([userId], tx)).get(userId);
      const playback = await this.own(userId, playbackId, tx);
      if (lease === undefined || playback.closedAtMs !== null)
        throw new NotFound('there is no such open session');
      const judgedToMs = lease.holder === null ? 0 : await this.verdicts.endMs(lease.holder.playbackId, tx);
      const state = { ...lease, judgedToMs };
      const taker = { playbackId, openedAtMs: playback.openedAtMs };
      const nowMs = this.clock.nowMs();
      const taken =
        insteadOf === undefined
          ? takeLease(state, taker, nowMs)
          : passLease(state, { ...taker, insteadOf }, nowMs);
      if (taken === null) throw new LeaseLost('another session holds the lease');
      const since = new Date(taken.sinceMs).toISOString();
      if (taken.isSame) return { since, lost: null };
      await this.leases.take(userId, playbackId, taken, tx);
      // It came out of our own column.
      const loser = taken.ended?.playbackId as PlaybackId | undefined;
      return {
        since,
        lost: loser === undefined || loser === insteadOf ? null : { playbackId: loser, takenAt: since },
      };
    });
  }

  /** Ends a session now; the second time nothing happens. @throws NotFound for another's */
  async close(userId: UserId, playbackId: PlaybackId): Promise<void> {
    const due = await this.unitOfWork.run(async (tx) => {
      await this.leases.lock([userId], tx);
      const playback = await this.own(userId, playbackId, tx);
      if (playback.closedAtMs !== null) return [];
      const nowMs = this.clock.nowMs();
      const { due } = await this.judging.judge([await this.end(playback, nowMs, tx)], nowMs, tx);
      return due;
    });
    this.revocations.revoke(playbackId);
    await this.evaluation.evaluateSoon(due);
  }

  /**
   * Judges sessions that nobody spoke for lately, and ends those that have fallen silent for good. Gives how many there were.
   */
  async sweep(judgedBeforeMs: number, limit: number): Promise<number> {
    const waiting = await this.playbacks.unsettled(judgedBeforeMs, limit, this.unitOfWork.reader);
    if (waiting.length === 0) return 0;
    const due = await this.unitOfWork.run(async (tx) => {
      await this.leases.lock(
        waiting.map(({ userId }) => userId),
        tx,
      );
      const playbacks = await this.playbacks.byIds(
        waiting.map(({ id }) => id),
        tx,
      );
      const nowMs = this.clock.nowMs();
      const tasks: JudgingTask[] = [];
      for (const playback of playbacks.values()) {
        const isOver = playback.closedAtMs === null && hasFallenSilent(playback, nowMs);
        if (isOver) tasks.push(await this.end(playback, playback.heardAtMs, tx));
        else tasks.push({ playback, fromMs: playback.settledToMs, word: null });
      }
      const judged = await this.judging.judge(tasks, nowMs, tx);
      return judged.due;
    });
    await this.evaluation.evaluateSoon(due);
    return waiting.length;
  }

  /** @throws NotFound for another's */
  async own(userId: UserId, playbackId: PlaybackId, tx: Tx = this.unitOfWork.reader): Promise<Playback> {
    const playback = (await this.playbacks.byIds([playbackId], tx)).get(playbackId);
    if (playback?.userId !== userId) throw new NotFound('there is no such playback session');
    return playback;
  }

  private async end(playback: Playback, atMs: number, tx: Tx): Promise<JudgingTask> {
    const closedAtMs = Math.max(playback.openedAtMs, atMs);
    await this.playbacks.close(playback.id, closedAtMs, tx);
    await this.leases.release(playback.userId, playback.id, closedAtMs, tx);
    const fromMs = Math.min(playback.settledToMs, closedAtMs);
    return { playback: { ...playback, closedAtMs }, fromMs, word: null };
  }

  private async unit(unitId: UnitId): Promise<Playable> {
    const unit = await this.library.unitFacts(unitId);
    if (unit === null) throw new NotFound('there is no such unit');
    const { lineageId, courseId, cut, offsetMs, zeroAtMs, durationMs: lengthMs } = unit;
    const title = unit.courseTitle;
    return {
      mode: 'hls',
      ...{ unitId, broadcastId: null, lineageId, courseId, cut, offsetMs, zeroAtMs, lengthMs, title },
      mediaNode: null,
    };
  }

  private async broadcast({ mode, broadcastId }: Exclude<OpenPlayback, { mode: 'hls' }>): Promise<Playable> {
    const broadcast = await this.broadcasts.view(broadcastId);
    if (broadcast === null) throw new NotFound('there is no such broadcast');
    if (!ON_AIR.has(broadcast.state)) throw new NotOnAir('the broadcast is not on the air');
    // A recording's id is the lineage of all that is made of it.
    const lineageId = LineageIdSchema.parse(broadcast.recordingId);
    const timeline = await this.library.timelineFacts(lineageId);
    // A live player finds its place by the wall clock of the timeline's 0.
    if (mode === 'll-hls' && timeline?.zeroAtMs == null) throw new NotOnAir('nothing is recorded yet');
    const lecture = await this.lectures.facts(broadcast.lectureId);
    return {
      ...{
        mode,
        broadcastId,
        lineageId,
        unitId: null,
        courseId: null,
        cut: null,
        offsetMs: 0,
        lengthMs: null,
      },
      zeroAtMs: timeline?.zeroAtMs ?? null,
      title: lecture?.title ?? '',
      mediaNode: broadcast.mediaNode,
    };
  }

  /** On the unit's own clock. */
  private async resumeAt(userId: UserId, lineageId: LineageId, offsetMs: number, lengthMs: number | null) {
    const [last] = await this.playbacks.lastPositions(userId, [lineageId], this.unitOfWork.reader);
    return resumePoint(last?.positionMs ?? 0, offsetMs, lengthMs);
  }
}

/** Where to go on, on the unit's own clock; who was at the end begins again. */
export function resumePoint(positionMs: number, offsetMs: number, lengthMs: number | null): number {
  const atMs = Math.max(0, positionMs - offsetMs);
  return lengthMs !== null && atMs > lengthMs - NEAR_END_MS ? 0 : atMs;
}

const hasFallenSilent = ({ heardAtMs, openedAtMs }: Playback, nowMs: number): boolean =>
  nowMs - heardAtMs > VIEWING.idleMs || nowMs - openedAtMs > VIEWING.longestSessionMs;
