import { Injectable } from '@nestjs/common';
import type { LineageId, UserId } from '@yike/contracts/ids';
import { completesUnit, type CoverageSets } from '../../domain/completion.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { LibraryService } from '../library/library.service.ts';

/** A resident's coverage of a lineage, before and after a judgement. */
export interface Covered {
  readonly userId: UserId;
  readonly lineageId: LineageId;
  readonly before: CoverageSets;
  readonly after: CoverageSets;
  /** One of the sessions that were judged has ended. */
  readonly hasEnded: boolean;
}

/** Tells whose time completes something, so that the bank is asked for the few and not for every beat. */
@Injectable()
export class DueCompletions {
  constructor(private readonly library: LibraryService) {}

  /**
   * Those whose coverage completes a unit that it did not complete before; and at the end of a session those with any complete unit, so
   * that what was published meanwhile is not missed. Whoever was asked for in vain costs time and changes nothing.
   */
  async among<C extends Covered>(covered: readonly C[], tx: Tx): Promise<Set<C>> {
    const lineages = [...new Set(covered.map(({ lineageId }) => lineageId))];
    const units = Map.groupBy(await this.library.unitsOfLineages(lineages, tx), ({ lineageId }) => lineageId);
    const isDue = ({ lineageId, before, after, hasEnded }: C): boolean =>
      (units.get(lineageId) ?? []).some(
        (unit) => completesUnit(after, unit) && (hasEnded || !completesUnit(before, unit)),
      );
    return new Set(covered.filter(isDue));
  }
}
