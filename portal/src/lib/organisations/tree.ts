import type { OwnGrant } from '@yike/contracts/http/accounts';
import { OrgLevel, type OrgUnit } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';

/** A unit with all that is below it. */
export interface Branch {
  readonly unit: OrgUnit;
  readonly below: readonly Branch[];
  /** Open communities at or below it. */
  readonly communities: number;
  /** People at home in it or below it. */
  readonly residents: number;
}

/** @param units each after its parent; one whose parent is not among them stands at the top */
export function branchesOf(units: readonly OrgUnit[]): Branch[] {
  const children = new Map<OrgUnitId | null, OrgUnit[]>();
  const known = new Set(units.map(({ id }) => id));
  for (const unit of units) {
    const above = unit.parentId !== null && known.has(unit.parentId) ? unit.parentId : null;
    children.set(above, [...(children.get(above) ?? []), unit]);
  }
  const grow = (unit: OrgUnit): Branch => {
    const below = (children.get(unit.id) ?? []).map(grow);
    const isCommunity = unit.level === 'community' && unit.closedAt === null;
    return {
      ...{ unit, below },
      communities: sum(below.map(({ communities }) => communities)) + (isCommunity ? 1 : 0),
      residents: sum(below.map(({ residents }) => residents)) + unit.residents,
    };
  };
  return (children.get(null) ?? []).map(grow);
}

/** What has the text in its name, its institution's or its code, with the way to it. */
export function branchesWith(branches: readonly Branch[], text: string): Branch[] {
  return branches.flatMap((branch) => {
    if (hasText(branch.unit, text)) return [branch];
    const below = branchesWith(branch.below, text);
    return below.length === 0 ? [] : [{ ...branch, below }];
  });
}

export const hasText = ({ name, institutionName, code }: OrgUnit, text: string): boolean =>
  [name, institutionName, code].some((word) => word?.toLowerCase().includes(text.toLowerCase()) === true);

export function branchAt(branches: readonly Branch[], id: OrgUnitId): Branch | undefined {
  for (const branch of branches) {
    const found = branch.unit.id === id ? branch : branchAt(branch.below, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How many open units are below it. */
export const unitsBelow = ({ below }: Branch): number =>
  sum(below.map((branch) => unitsBelow(branch) + (branch.unit.closedAt === null ? 1 : 0)));

/** The units above, from the top, as far as they are among those given. */
export function lineAbove(units: readonly OrgUnit[], unit: OrgUnit): OrgUnit[] {
  const above = units.find(({ id }) => id === unit.parentId);
  return above === undefined ? [] : [...lineAbove(units, above), above];
}

/** The level of what stands directly below; null below a community. */
export const levelBelow = (level: OrgLevel): OrgLevel | null =>
  OrgLevel.options[OrgLevel.options.indexOf(level) + 1] ?? null;

/** Where a unit could be moved to. */
export const parentsFor = (units: readonly OrgUnit[], unit: OrgUnit): OrgUnit[] =>
  units.filter(
    ({ id, level, closedAt }) =>
      closedAt === null && id !== unit.parentId && levelBelow(level) === unit.level,
  );

/** What a unit could be merged into. */
export const mergersFor = (units: readonly OrgUnit[], unit: OrgUnit): OrgUnit[] =>
  units.filter(({ id, level, closedAt }) => closedAt === null && id !== unit.id && level === unit.level);

/** What a person may do to a unit. The API decides; this only spares them buttons that refuse. */
export interface Rights {
  /** Its own words, its departments, units below it. */
  readonly edit: boolean;
  /** Where it stands, and whether it goes on. */
  readonly place: boolean;
}

export function rightsAt(grants: readonly OwnGrant[], units: readonly OrgUnit[], unit: OrgUnit): Rights {
  if (isHouseKeeper(grants)) return { edit: true, place: true };
  const offices = new Set(
    grants.filter(({ role }) => role === 'administrator').map(({ orgUnitId }) => orgUnitId),
  );
  const isAbove = lineAbove(units, unit).some(({ id }) => offices.has(id));
  return { edit: isAbove || offices.has(unit.id), place: isAbove };
}

/** Looks after the whole house. */
export const isHouseKeeper = (grants: readonly OwnGrant[]): boolean =>
  grants.some(({ role }) => role === 'platform-administrator');

export const isAdministrator = (grants: readonly OwnGrant[]): boolean =>
  isHouseKeeper(grants) || grants.some(({ role }) => role === 'administrator');

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
