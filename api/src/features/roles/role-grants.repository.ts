import { Injectable } from '@nestjs/common';
import type { RoleGrantId, UserId } from '@yike/contracts/ids';
import { rangeOf } from '../../domain/organisations/paths.ts';
import type { GrantedRole } from '../../domain/policy/grants.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { RoleGrantEntity } from './role-grant.entity.ts';

/** A grant that begins; what is not said is without an end, and the set-up's. */
export type NewGrant = Pick<
  RoleGrantEntity,
  'id' | 'userId' | 'role' | 'orgUnitId' | 'validFrom' | 'reason'
> &
  Partial<Pick<RoleGrantEntity, 'validTo' | 'grantedBy'>>;

export interface GrantFilter {
  /** Parts of the tree; an empty path is the whole house. */
  readonly scopes: readonly string[];
  readonly role: GrantedRole | undefined;
  readonly userId: UserId | undefined;
  /** Null: also those that are over. */
  readonly validAt: Date | null;
}

@Injectable()
export class RoleGrantsRepository {
  /** Unless it is there. */
  async insert(grant: NewGrant, tx: Tx): Promise<void> {
    await tx.createQueryBuilder().insert().into(RoleGrantEntity).values(grant).orIgnore().execute();
  }

  byId(id: RoleGrantId, tx: Tx): Promise<RoleGrantEntity | null> {
    return tx.findOneBy(RoleGrantEntity, { id });
  }

  /** Ends it, unless it has ended: false then. */
  async end(id: RoleGrantId, by: UserId, at: Date, tx: Tx): Promise<boolean> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(RoleGrantEntity)
      .set({ endedAt: at, endedBy: by })
      .where('id = :id AND ended_at IS NULL AND (valid_to IS NULL OR valid_to > :at)', { id, at })
      .execute();
    return affected === 1;
  }

  /** Newest first, before one of them. */
  find(
    { scopes, role, userId, validAt }: GrantFilter,
    { before, limit }: { before: RoleGrantId | null; limit: number },
    tx: Tx,
  ): Promise<RoleGrantEntity[]> {
    const ranges = scopes.map(rangeOf);
    const found = tx
      .createQueryBuilder(RoleGrantEntity, 'held')
      .where(
        `held.org_unit_id IN (SELECT o.id FROM org_units o JOIN unnest(:from::text[], :to::text[]) AS part (from_path, to_path)
           ON o.path >= part.from_path COLLATE "C" AND o.path < part.to_path COLLATE "C")`,
        { from: ranges.map(({ from }) => from), to: ranges.map(({ to }) => to) },
      )
      .orderBy('held.id', 'DESC')
      .take(limit);
    if (before !== null) found.andWhere('held.id < :before', { before });
    if (role !== undefined) found.andWhere('held.role = :role', { role });
    if (userId !== undefined) found.andWhere('held.user_id = :userId', { userId });
    if (validAt !== null) {
      found.andWhere('held.ended_at IS NULL AND (held.valid_to IS NULL OR held.valid_to > :validAt)', {
        validAt,
      });
    }
    return found.getMany();
  }
}
