import type { OwnGrant } from '@yike/contracts/http/accounts';
import type { OrgLevel, OrgUnit } from '@yike/contracts/http/organisations';
import { newId, OrgUnitId } from '@yike/contracts/ids';
import { describe, expect, it } from 'vitest';
import {
  branchAt,
  branchesOf,
  branchesWith,
  levelBelow,
  lineAbove,
  mergersFor,
  parentsFor,
  rightsAt,
} from './tree.ts';

const unit = (
  name: string,
  level: OrgLevel,
  parent: OrgUnit | null,
  more: Partial<OrgUnit> = {},
): OrgUnit => ({
  ...{ id: newId(OrgUnitId), parentId: parent?.id ?? null, name, level, residents: 1 },
  ...{ institutionName: null, population: null, code: null, mergedIntoId: null, closedAt: null },
  ...more,
});
const district = unit('滨江区', 'district', null);
const river = unit('江南街道', 'sub-district', district);
const cassia = unit('桂苑社区', 'community', river, { code: 'GY-1' });
const closed = unit('旧社区', 'community', river, { closedAt: '2026-01-01T00:00:00Z', residents: 0 });
const hill = unit('南山街道', 'sub-district', district, { institutionName: '老年学校' });
const pine = unit('松鹤社区', 'community', hill);
const UNITS = [district, river, cassia, closed, hill, pine];

describe('the tree', () => {
  const branches = branchesOf(UNITS);

  it('adds up what is below', () => {
    expect(branches).toHaveLength(1);
    expect(branches[0]).toMatchObject({ communities: 2, residents: 5 });
    expect(branchAt(branches, river.id)).toMatchObject({ communities: 1, residents: 2 });
    expect(branchAt(branches, newId(OrgUnitId))).toBeUndefined();
  });

  it('begins where one’s own part begins', () =>
    expect(branchesOf([river, cassia]).map(({ unit: { name } }) => name)).toEqual(['江南街道']));

  it.each([
    { text: '松鹤', names: ['滨江区', '南山街道', '松鹤社区'] },
    { text: '老年', names: ['滨江区', '南山街道', '松鹤社区'] },
    { text: 'gy-1', names: ['滨江区', '江南街道', '桂苑社区'] },
    { text: '火星', names: [] },
  ])('is searched for $text', ({ text, names }) => {
    const flat = (found: ReturnType<typeof branchesOf>): string[] =>
      found.flatMap((branch) => [branch.unit.name, ...flat([...branch.below])]);
    expect(flat(branchesWith(branches, text))).toEqual(names);
  });
});

it('the line above ends at what one sees', () => {
  expect(lineAbove(UNITS, cassia).map(({ name }) => name)).toEqual(['滨江区', '江南街道']);
  expect(lineAbove([river, cassia], cassia).map(({ name }) => name)).toEqual(['江南街道']);
});

it('a unit goes only where it fits', () => {
  expect(parentsFor(UNITS, cassia)).toEqual([hill]);
  expect(parentsFor(UNITS, district)).toEqual([]);
  expect(mergersFor(UNITS, cassia)).toEqual([pine]);
  expect(levelBelow('community')).toBeNull();
});

describe('rights', () => {
  const grant = (role: OwnGrant['role'], at: OrgUnit): OwnGrant => ({
    ...{ role, orgUnitId: at.id, orgUnitName: at.name },
    validTo: null,
  });
  it.each([
    { name: 'of the house', grants: [grant('platform-administrator', pine)], edit: true, place: true },
    { name: 'from above', grants: [grant('administrator', district)], edit: true, place: true },
    { name: 'of its own', grants: [grant('administrator', river)], edit: true, place: false },
    { name: 'from beside', grants: [grant('administrator', hill)], edit: false, place: false },
    { name: 'of who only looks', grants: [grant('auditor', district)], edit: false, place: false },
  ])('$name', ({ grants, edit, place }) => expect(rightsAt(grants, UNITS, river)).toEqual({ edit, place }));
});
