import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { RoleGrantEntity } from './role-grant.entity.ts';

/** A grant that begins; what is not said is without an end, and the set-up's. */
export type NewGrant = Pick<
  RoleGrantEntity,
  'id' | 'userId' | 'role' | 'orgUnitId' | 'validFrom' | 'reason'
> &
  Partial<Pick<RoleGrantEntity, 'validTo' | 'grantedBy'>>;

@Injectable()
export class RoleGrantsRepository {
  /** Unless it is there. */
  async insert(grant: NewGrant, tx: Tx): Promise<void> {
    await tx.createQueryBuilder().insert().into(RoleGrantEntity).values(grant).orIgnore().execute();
  }
}
