import { Injectable } from '@nestjs/common';
import type { ApprovalId } from '@yike/contracts/ids';
import { rangeOf } from '../../domain/organisations/paths.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { ApprovalEntity } from './approval.entity.ts';

export type NewApproval = Omit<ApprovalEntity, 'decision' | 'decidedBy' | 'decidedAt'>;
export type ApprovalDecision = Pick<ApprovalEntity, 'decision' | 'decidedBy' | 'decidedAt'>;

@Injectable()
export class ApprovalsRepository {
  async insert(approval: NewApproval, tx: Tx): Promise<void> {
    await tx.insert(ApprovalEntity, approval);
  }

  byId(id: ApprovalId, tx: Tx): Promise<ApprovalEntity | null> {
    return tx.findOneBy(ApprovalEntity, { id });
  }

  /** Decides it, unless somebody else was first: false then. */
  async decide(id: ApprovalId, decision: ApprovalDecision, tx: Tx): Promise<boolean> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(ApprovalEntity)
      .set(decision)
      .where('id = :id AND decision IS NULL', { id })
      .execute();
    return affected === 1;
  }

  /** Those that wait within these parts of the tree, oldest first, after one of them. */
  waiting(
    scopes: readonly string[],
    { after, limit }: { after: ApprovalId | null; limit: number },
    tx: Tx,
  ): Promise<ApprovalEntity[]> {
    const ranges = scopes.map(rangeOf);
    return tx
      .createQueryBuilder(ApprovalEntity, 'approval')
      .where('approval.decision IS NULL')
      .andWhere(
        `approval.org_unit_id IN (SELECT o.id FROM org_units o JOIN unnest(:from::text[], :to::text[]) AS part (from_path, to_path)
           ON o.path >= part.from_path COLLATE "C" AND o.path < part.to_path COLLATE "C")`,
        { from: ranges.map(({ from }) => from), to: ranges.map(({ to }) => to) },
      )
      .andWhere(after === null ? 'TRUE' : 'approval.id > :after', { after })
      .orderBy('approval.id')
      .take(limit)
      .getMany();
  }
}
