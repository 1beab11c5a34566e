import { Injectable } from '@nestjs/common';
import type { UserId } from '@yike/contracts/ids';
import { shanghaiDay } from '../../domain/shanghai-day.ts';
import { Clock } from '../../platform/clock.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { type ViewingTotals, ViewingTotalsPort } from '../bank/viewing-totals.ts';
import { CoveragesRepository } from './coverages.repository.ts';
import { VerdictsRepository } from './verdicts.repository.ts';

/** A resident's viewing time over everything, for the account page. */
@Injectable()
export class ViewingTotalsService extends ViewingTotalsPort {
  constructor(
    private readonly coverages: CoveragesRepository,
    private readonly verdicts: VerdictsRepository,
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  async totalsOf(userId: UserId): Promise<ViewingTotals> {
    const tx = this.unitOfWork.reader;
    const today = { userId, day: shanghaiDay(this.clock.nowMs()) };
    const [watchedMs, pendingMs, [counted]] = await Promise.all([
      this.coverages.watchedMs(userId, tx),
      this.verdicts.pendingMs(userId, tx),
      this.coverages.clockWithin([today], tx),
    ]);
    return { watchedMs, pendingMs, todayMs: counted?.ms ?? 0 };
  }
}
