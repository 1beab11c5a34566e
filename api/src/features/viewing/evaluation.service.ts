import { Inject, Injectable } from '@nestjs/common';
import type { LineageId, UserId } from '@yike/contracts/ids';
import type { Logger } from 'pino';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { PostingService } from '../bank/posting.service.ts';
import { LibraryService } from '../library/library.service.ts';
import { CoveragesRepository } from './coverages.repository.ts';
import { LeasesRepository } from './leases.repository.ts';

interface Pair {
  readonly userId: UserId;
  readonly lineageId: LineageId;
}

const BATCH = 200;

/**
 * Asks the bank whether someone's time completes something. What grew is marked in the transaction that lets it grow, so that a crash
 * in between loses nothing: the sweeper finds the mark.
 */
@Injectable()
export class EvaluationService {
  constructor(
    private readonly coverages: CoveragesRepository,
    private readonly leases: LeasesRepository,
    private readonly library: LibraryService,
    private readonly posting: PostingService,
    private readonly unitOfWork: UnitOfWork,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Right after a commit: who fails now is found again by the sweeper. */
  async evaluateSoon(pairs: readonly Pair[]): Promise<void> {
    for (const pair of pairs) {
      try {
        await this.evaluate(pair);
      } catch (error) {
        this.log.warn({ err: error }, 'an evaluation failed and will be repeated');
      }
    }
  }

  /** The next residents that are marked. Gives how many there were. */
  async sweep(): Promise<number> {
    const pairs = await this.coverages.toEvaluate(BATCH, this.unitOfWork.reader);
    await this.evaluateSoon(pairs);
    return pairs.length;
  }

  /** Completion, entries and certificate commit together; two servers that do this at once do it once. */
  private evaluate({ userId, lineageId }: Pair): Promise<void> {
    return this.unitOfWork.run(async (tx) => {
      await this.leases.lock([userId], tx);
      const coverage = await this.coverages.takeEvaluation(userId, lineageId, tx);
      if (coverage === null) return;
      const units = await this.library.unitsOfLineage(lineageId, tx);
      await this.posting.evaluate({ userId, lineageId, coverage, units }, tx);
    });
  }
}
