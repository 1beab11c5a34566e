import { OrgLevel } from '@yike/contracts/http/organisations';
import { newId, OrgUnitId } from '@yike/contracts/ids';
import { describe, expect, it } from 'vitest';
import { changesBetween, isEmpty, type UnitFields } from './changes.ts';
import { fitsUnder } from './levels.ts';
import {
  assertCanClose,
  assertCanMerge,
  assertCanMove,
  assertNameFree,
  assertPlace,
  type TreeUnit,
} from './tree-rules.ts';

const unit = (name: string, level: OrgLevel, more: Partial<TreeUnit> = {}): TreeUnit => ({
  ...{ id: newId(OrgUnitId), parentId: null, closedAt: null, name, level },
  ...more,
});
const closedAt = new Date(0);
const refusal = (code: string) => expect.objectContaining({ code }) as object; // typed any

it.each([
  ['city', { top: true, city: false, district: false, 'sub-district': false, community: false }],
  ['district', { top: true, city: true, district: false, 'sub-district': false, community: false }],
  ['sub-district', { top: true, city: false, district: true, 'sub-district': false, community: false }],
  ['community', { top: false, city: false, district: false, 'sub-district': true, community: false }],
] as const)('a %s fits only where it belongs', (level, expected) => {
  const under = Object.fromEntries(OrgLevel.options.map((above) => [above, fitsUnder(level, above)]));
  expect({ top: fitsUnder(level, null), ...under }).toEqual(expected);
});

describe('a place', () => {
  it.each([
    { name: 'at the top', level: 'district', parent: null, code: undefined },
    { name: 'one below', level: 'community', parent: unit('江南街道', 'sub-district'), code: undefined },
    {
      name: 'a level skipped',
      level: 'community',
      parent: unit('滨江区', 'district'),
      code: 'organisation-level-unfit',
    },
    {
      name: 'below a closed unit',
      level: 'community',
      parent: unit('旧街道', 'sub-district', { closedAt }),
      code: 'organisation-closed',
    },
  ] as const)('$name', ({ level, parent, code }) => {
    const act = () => assertPlace(level, parent);
    if (code === undefined) expect(act).not.toThrow();
    else expect(act).toThrow(refusal(code));
  });
});

it('a name is free of itself, of closed units, of others’ names', () => {
  const own = unit('桂苑社区', 'community');
  const closed = unit('旧桂苑', 'community', { closedAt });
  expect(() => assertNameFree(own, [own, closed])).not.toThrow();
  expect(() => assertNameFree({ ...own, name: '旧桂苑' }, [own, closed])).not.toThrow();
  expect(() => assertNameFree(own, [unit('桂苑社区', 'community')])).toThrow(
    refusal('organisation-name-taken'),
  );
});

describe('a move', () => {
  const street = unit('江南街道', 'sub-district');
  const other = unit('南山街道', 'sub-district');
  const home = unit('桂苑社区', 'community', { parentId: street.id });

  it('to a unit one level above', () => expect(() => assertCanMove(home, other, [])).not.toThrow());
  it('to itself, or below itself, never fits', () => {
    expect(() => assertCanMove(street, street, [])).toThrow(refusal('organisation-level-unfit'));
    expect(() => assertCanMove(street, home, [])).toThrow(refusal('organisation-level-unfit'));
  });
  it('where the name is taken', () =>
    expect(() => assertCanMove(home, other, [unit('桂苑社区', 'community')])).toThrow(
      refusal('organisation-name-taken'),
    ));
  it('of what is closed', () =>
    expect(() => assertCanMove({ ...home, closedAt }, other, [])).toThrow(refusal('organisation-closed')));
});

describe('a merge', () => {
  const street = unit('江南街道', 'sub-district');
  const into = unit('南山街道', 'sub-district');
  const none = { children: [], childrenThere: [] };

  it('of two of one level', () =>
    expect(() => assertCanMerge({ unit: street, into, ...none })).not.toThrow());
  it.each([
    { name: 'with itself', unit: street, into: street, code: 'organisation-itself' },
    { name: 'across levels', unit: unit('桂苑社区', 'community'), into, code: 'organisation-level-unfit' },
    { name: 'of a closed one', unit: { ...street, closedAt }, into, code: 'organisation-closed' },
    {
      name: 'into a closed one',
      unit: street,
      into: { ...into, closedAt },
      code: 'organisation-closed',
    },
  ])('$name is refused', ({ code, ...merge }) =>
    expect(() => assertCanMerge({ ...merge, ...none })).toThrow(refusal(code)),
  );
  it('of units whose children are called alike is refused, closed ones aside', () => {
    const childrenThere = [unit('桂苑社区', 'community')];
    const alike = unit('桂苑社区', 'community');
    expect(() => assertCanMerge({ unit: street, into, children: [alike], childrenThere })).toThrow(
      refusal('organisation-name-taken'),
    );
    const children = [{ ...alike, closedAt }];
    expect(() => assertCanMerge({ unit: street, into, children, childrenThere })).not.toThrow();
  });
});

it.each([
  { name: 'nobody and nothing', children: [], residents: 0, code: undefined },
  { name: 'one resident', children: [], residents: 1, code: 'organisation-not-empty' },
  { name: 'a unit', children: [unit('甲', 'community')], residents: 0, code: 'organisation-not-empty' },
  {
    name: 'a closed unit',
    children: [unit('甲', 'community', { closedAt })],
    residents: 0,
    code: undefined,
  },
])('closing where there is $name', ({ children, residents, code }) => {
  const act = () => assertCanClose(unit('江南街道', 'sub-district'), children, residents);
  if (code === undefined) expect(act).not.toThrow();
  else expect(act).toThrow(refusal(code));
});

describe('what changed', () => {
  const fields: UnitFields = {
    ...{ name: '桂苑社区', level: 'community', parentId: newId(OrgUnitId), institutionName: null },
    ...{ population: 100, code: null, mergedIntoId: null },
  };

  it('is each field that differs', () =>
    expect(changesBetween(fields, { ...fields, name: '桂园社区', population: null })).toEqual({
      before: { name: '桂苑社区', population: 100 },
      after: { name: '桂园社区', population: null },
    }));
  it('is nothing where all is the same', () => expect(isEmpty(changesBetween(fields, fields))).toBe(true));
  it('is what there is of something new', () =>
    expect(changesBetween(undefined, fields)).toEqual({
      before: {},
      after: { name: '桂苑社区', level: 'community', parentId: fields.parentId, population: 100 },
    }));
});
