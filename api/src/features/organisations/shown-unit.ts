import type { OrgUnit } from '@yike/contracts/http/organisations';
import type { OrgUnitEntity } from './org-unit.entity.ts';

/** A unit as administration sees it. */
export const shownUnit = (unit: OrgUnitEntity, residents: number): OrgUnit => ({
  id: unit.id,
  parentId: unit.parentId,
  level: unit.level,
  name: unit.name,
  institutionName: unit.institutionName,
  population: unit.population,
  code: unit.code,
  residents,
  mergedIntoId: unit.mergedIntoId,
  closedAt: unit.closedAt?.toISOString() ?? null,
});
