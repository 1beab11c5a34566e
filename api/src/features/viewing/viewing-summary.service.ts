import { Injectable } from '@nestjs/common';
import type { ViewingSession, ViewingSummary } from '@yike/contracts/http/viewing';
import { PlaybackId } from '@yike/contracts/ids';
import type { UserId } from '@yike/contracts/ids';
import { grantedSeconds } from '../../domain/accrual.ts';
import { type CoverageSets, mayLackMs, requiredMs, validMs } from '../../domain/completion.ts';
import { intersect, lengthMs, shift } from '../../domain/intervals.ts';
import { sumVerdicts, type Verdict, withAwaitedSilence, withoutMedia } from '../../domain/verdicts.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { InvalidRequest } from '../../platform/problems/problems.ts';
import { AccountService } from '../bank/account.service.ts';
import { userUnitKey } from '../bank/user-unit.ts';
import { LibraryService, type UnitFacts } from '../library/library.service.ts';
import { CoveragesRepository } from './coverages.repository.ts';
import { type Playback, PlaybacksRepository } from './playbacks.repository.ts';
import { VerdictsRepository } from './verdicts.repository.ts';

/** A session, and the time of its resident and timeline. */
interface CoveredSession {
  readonly playback: Playback;
  readonly coverage: CoverageSets;
}

/** What residents are told of their time: the line of truth, and every past session with its reasons. */
@Injectable()
export class ViewingSummaries {
  constructor(
    private readonly playbacks: PlaybacksRepository,
    private readonly coverages: CoveragesRepository,
    private readonly verdicts: VerdictsRepository,
    private readonly library: LibraryService,
    private readonly bank: AccountService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The line of truth of a session: its unit, or the whole timeline while a lecture runs. */
  async of(playback: Playback): Promise<ViewingSummary> {
    const coverage = await this.coverages.of(playback.userId, playback.lineageId, this.unitOfWork.reader);
    const [summary] = await this.ofMany([{ playback, coverage }]);
    if (summary === undefined) throw new Error('a summary is missing');
    return summary;
  }

  /** The lines of truth of many sessions, in their order, by as many queries as for one. */
  async ofMany(sessions: readonly CoveredSession[]): Promise<ViewingSummary[]> {
    const playbacks = sessions.map(({ playback }) => playback);
    const unitsPlayed = playbacks.flatMap(({ userId, unitId }) =>
      unitId === null ? [] : [{ userId, unitId }],
    );
    const [pending, posted, units, completed] = await Promise.all([
      this.verdicts.pendingOfPairs(playbacks, this.unitOfWork.reader),
      this.bank.postedToPairs(playbacks),
      this.library.unitFactsOf([...new Set(unitsPlayed.map(({ unitId }) => unitId))]),
      this.bank.completedPairs(unitsPlayed),
    ]);
    return sessions.map(({ playback: { userId, unitId }, coverage }, index) => {
      const unit = unitId === null ? undefined : units.get(unitId);
      return {
        ...(unit === undefined ? summaryOfTimeline(coverage) : summaryOfUnit(coverage, unit)),
        pendingMs: pending[index] ?? 0,
        postedSeconds: posted[index] ?? 0,
        completed: unit !== undefined && completed.has(userUnitKey({ userId, unitId: unit.unitId })),
      };
    });
  }

  /** Past and running sessions, latest first. @throws InvalidRequest for a cursor that is none */
  async sessions(
    userId: UserId,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: ViewingSession[]; nextCursor: string | null }> {
    const before = PlaybackId.nullable().safeParse(cursor ?? null);
    if (!before.success) throw new InvalidRequest('this cursor does not come from this list');
    const tx = this.unitOfWork.reader;
    const found = await this.playbacks.ofUser(userId, before.data, limit + 1, tx);
    const shown = found.slice(0, limit);
    const verdicts = await this.verdicts.ofPlaybacks(
      shown.map(({ id }) => id),
      tx,
    );
    const items = shown.map((playback) => sessionOf(playback, verdictsOf(playback, verdicts)));
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}

type Watched = Omit<ViewingSummary, 'pendingMs' | 'postedSeconds' | 'completed'>;

function summaryOfTimeline(coverage: CoverageSets): Watched {
  const watchedMs = lengthMs(coverage.media);
  return {
    ...{ watchedMs, watched: [...coverage.media] },
    validMs: Math.min(watchedMs, lengthMs(coverage.clock)),
    ...{ requiredMs: null, grantsSeconds: null },
  };
}

function summaryOfUnit(coverage: CoverageSets, { cut, recorded, offsetMs }: UnitFacts): Watched {
  const watched = intersect(coverage.media, cut);
  const required = requiredMs(cut, recorded);
  return {
    watchedMs: lengthMs(watched),
    watched: [...shift(watched, -offsetMs)],
    validMs: validMs(coverage, cut, recorded),
    requiredMs: Math.ceil(required - mayLackMs(required)),
    grantsSeconds: grantedSeconds(cut, recorded),
  };
}

const verdictsOf = (
  { id, openedAtMs, closedAtMs, judgedAtMs }: Playback,
  stored: ReadonlyMap<PlaybackId, readonly Verdict[]>,
): readonly Verdict[] =>
  closedAtMs === null
    ? withAwaitedSilence(stored.get(id) ?? [], openedAtMs, judgedAtMs)
    : (stored.get(id) ?? []);

/** A session that runs is as long as it has been judged: the sum of its verdicts in any case. */
function sessionOf(playback: Playback, verdicts: readonly Verdict[]): ViewingSession {
  const toMs = playback.closedAtMs ?? verdicts.at(-1)?.clock.toMs ?? playback.openedAtMs;
  return {
    id: playback.id,
    title: playback.title,
    courseId: playback.courseId,
    mode: playback.mode,
    openedAt: new Date(playback.openedAtMs).toISOString(),
    closedAt: playback.closedAtMs === null ? null : new Date(playback.closedAtMs).toISOString(),
    lengthMs: toMs - playback.openedAtMs,
    sums: sumVerdicts(verdicts),
    verdicts: withoutMedia(verdicts).map(({ clock, reason }) => ({
      clockFrom: new Date(clock.fromMs).toISOString(),
      clockTo: new Date(clock.toMs).toISOString(),
      reason,
    })),
  };
}
