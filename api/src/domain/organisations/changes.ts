import type { OrgLevel } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';

/** What a unit's history tells of it. */
export interface UnitFields {
  readonly name: string;
  readonly level: OrgLevel;
  readonly parentId: OrgUnitId | null;
  readonly institutionName: string | null;
  readonly population: number | null;
  readonly code: string | null;
  readonly mergedIntoId: OrgUnitId | null;
}
