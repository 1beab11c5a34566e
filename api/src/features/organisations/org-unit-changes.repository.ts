import { Injectable } from '@nestjs/common';
import type { OrgUnitId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { OrgUnitChangeEntity } from './org-unit-change.entity.ts';

/** A step to be written down. */
export type OrgUnitStepRow = Pick<OrgUnitChangeEntity, keyof OrgUnitChangeEntity>;

/** The histories of units. */
@Injectable()
export class OrgUnitChangesRepository {
  async append(steps: OrgUnitStepRow[], tx: Tx): Promise<void> {
    await tx.insert(OrgUnitChangeEntity, steps);
  }

  /** Latest first. */
  ofUnit(orgUnitId: OrgUnitId, limit: number, tx: Tx): Promise<OrgUnitChangeEntity[]> {
    return tx.find(OrgUnitChangeEntity, {
      where: { orgUnitId },
      order: { at: 'DESC', id: 'DESC' },
      take: limit,
    });
  }
}
