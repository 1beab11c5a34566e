import { Injectable } from '@nestjs/common';
import type { LineageId, UnitId, UserId } from '@yike/contracts/ids';
import { grantedSeconds } from '../../domain/accrual.ts';
import { mayLackMs, requiredMs } from '../../domain/completion.ts';
import { intersect } from '../../domain/intervals.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { AccountService } from '../bank/account.service.ts';
import type { UnitFacts } from '../library/library.service.ts';
import { LibraryService } from '../library/library.service.ts';
import { ProgressPort, type UnitProgress } from '../library/progress-port.ts';
import { coverageKey, CoveragesRepository } from './coverages.repository.ts';
import { PlaybacksRepository } from './playbacks.repository.ts';
import { resumePoint } from './playbacks.service.ts';

/** Of so many latest timelines the unfinished units are offered again. */
const LATEST_LINEAGES = 24;

/** How far residents came, for the library's pages. */
@Injectable()
export class ProgressService extends ProgressPort {
  constructor(
    private readonly coverages: CoveragesRepository,
    private readonly playbacks: PlaybacksRepository,
    private readonly bank: AccountService,
    private readonly library: LibraryService,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  async progressOf(userId: UserId | null, units: readonly UnitFacts[]): Promise<Map<UnitId, UnitProgress>> {
    if (userId === null || units.length === 0) {
      return new Map(units.map((unit) => [unit.unitId, { ...askedOf(unit), ...NOT_BEGUN }]));
    }
    const tx = this.unitOfWork.reader;
    const lineages = [...new Set(units.map(({ lineageId }) => lineageId))];
    const [coverages, positions, completed] = await Promise.all([
      this.coverages.ofPairs(
        lineages.map((lineageId) => ({ userId, lineageId })),
        tx,
      ),
      this.playbacks.lastPositions(userId, lineages, tx),
      this.bank.completedOf(
        userId,
        units.map(({ unitId }) => unitId),
      ),
    ]);
    const positionOf = new Map(
      positions.map(({ lineageId, positionMs }): [LineageId, number] => [lineageId, positionMs]),
    );
    return new Map(
      units.map((unit) => {
        const media = coverages.get(coverageKey(userId, unit.lineageId))?.media ?? [];
        const progress: UnitProgress = {
          ...askedOf(unit),
          watched: intersect(media, unit.cut),
          completed: completed.has(unit.unitId),
          resumeAtMs: resumePoint(positionOf.get(unit.lineageId) ?? 0, unit.offsetMs, unit.durationMs),
        };
        return [unit.unitId, progress];
      }),
    );
  }

  async begunUnits(userId: UserId, limit: number): Promise<UnitId[]> {
    const lineages = await this.playbacks.latestLineages(userId, LATEST_LINEAGES, this.unitOfWork.reader);
    const units = (await Promise.all(lineages.map((id) => this.library.unitsOfLineage(id)))).flat();
    const progress = await this.progressOf(userId, units);
    return units
      .filter(({ unitId }) => {
        const { watched = [], completed = false } = progress.get(unitId) ?? {};
        return watched.length > 0 && !completed;
      })
      .map(({ unitId }) => unitId)
      .slice(0, limit);
  }
}

const NOT_BEGUN = { watched: [], completed: false, resumeAtMs: 0 } as const;

function askedOf({ cut, recorded }: UnitFacts): Pick<UnitProgress, 'requiredMs' | 'grantsSeconds'> {
  const required = requiredMs(cut, recorded);
  return {
    requiredMs: Math.ceil(required - mayLackMs(required)),
    grantsSeconds: grantedSeconds(cut, recorded),
  };
}
