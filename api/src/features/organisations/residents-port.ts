import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';

/** What the tree asks of whoever knows people. The accounts feature provides it, and hears of merges as all others do. */
export abstract class ResidentsPort {
  /** How many are at home in each of these units themselves; units without anyone are left out. */
  abstract countByHome(units: readonly OrgUnitId[], tx: Tx): Promise<ReadonlyMap<OrgUnitId, number>>;

  /** Of those that exist, by id. */
  abstract displayNames(ids: readonly UserId[], tx: Tx): Promise<ReadonlyMap<UserId, string>>;
}
