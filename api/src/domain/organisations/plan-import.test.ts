import { type OrgColumn, OrgLevel } from '@yike/contracts/http/organisations';
import { newId, OrgUnitId } from '@yike/contracts/ids';
import { describe, expect, it } from 'vitest';
import { planImport, type Reach } from './plan-import.ts';
import type { KnownUnit } from './planned-tree.ts';
import { readLine } from './sheet-rows.ts';

const labels = ['00001', '00002', '00003', '00004', '00005'];
const ids = labels.map(() => newId(OrgUnitId));
const unit = (
  at: number,
  parent: number | null,
  level: OrgLevel,
  name: string,
  code: string | null,
): KnownUnit => ({
  ...{ level, name, code, institutionName: null, population: null },
  id: ids[at] ?? newId(OrgUnitId),
  parentId: parent === null ? null : (ids[parent] ?? null),
  path: labels.slice(0, OrgLevel.options.indexOf(level)).join('') + String(at),
});
/** A district of two streets, with one community each. */
const KNOWN = [
  unit(0, null, 'district', '滨江区', '1'),
  unit(1, 0, 'sub-district', '江南街道', '11'),
  unit(2, 1, 'community', '桂苑社区', '111'),
  unit(3, 0, 'sub-district', '南山街道', null),
  unit(4, 3, 'community', '南山社区', null),
];
type Row = [
  parentCode: string,
  parentName: string,
  level: string,
  name: string,
  code?: string,
  population?: string,
];

const COLUMNS: readonly OrgColumn[] = ['parentCode', 'parentName', 'level', 'name', 'code', 'population'];

const plan = (rows: Row[], reach: Reach = () => true, known = KNOWN) =>
  planImport(
    rows.map((row, index) =>
      readLine({
        line: index + 2,
        cells: Object.fromEntries(
          COLUMNS.map((column, at) => [column, { text: row[at] ?? '', isFormula: false }]),
        ),
      }),
    ),
    known,
    reach,
  );
const told = (rows: Row[], reach?: Reach): string[] =>
  plan(rows, reach).broken.map(({ line, column, problem, otherLine }) =>
    [line, column, problem, ...(otherLine === null ? [] : [otherLine])].join(' '),
  );

describe('what a sheet would do', () => {
  it('nothing, where all is as it is', () => {
    const same = plan([
      ['', '', '区县', '滨江区', '1'],
      ['1', '滨江区', '街道', '江南街道', '11'],
      ['11', '江南街道', '社区', '桂苑社区', '111'],
      ['1', '滨江区', '街道', '南山街道'],
      ['', '南山街道', '社区', '南山社区'],
    ]);
    expect(same).toMatchObject({ created: [], changed: [], unchanged: 5, broken: [] });
  });

  it('a new branch, in any order, parents before their children', () => {
    const { created, broken } = plan([
      ['', '东湖街道', '社区', '湖滨社区'],
      ['1', '', '街道', '东湖街道', '12'],
    ]);
    expect(broken).toEqual([]);
    expect(created.map(({ line, name, parent }) => [line, name, parent?.name])).toEqual([
      [3, '东湖街道', '滨江区'],
      [2, '湖滨社区', '东湖街道'],
    ]);
  });

  it('a unit of another name, known by its code; one of another code, known by its name', () => {
    const { changed } = plan([
      ['11', '', '社区', '桂园社区', '111', '9'],
      ['', '滨江区', '街道', '南山街道', '13'],
    ]);
    expect(changed).toMatchObject([
      { line: 3, code: '13', known: { name: '南山街道', code: null } },
      { line: 2, name: '桂园社区', population: 9, known: { name: '桂苑社区', population: null } },
    ]);
  });

  it('a move, where the code is below another parent', () => {
    const { changed } = plan([['', '南山街道', '社区', '桂苑社区', '111']]);
    expect(changed).toMatchObject([{ parent: { name: '南山街道' }, known: { id: ids[2] } }]);
  });

  it('two units that change names', () => {
    const street = unit(5, 1, 'community', '翠竹社区', '112');
    const rows = [
      ['11', '', '社区', '翠竹社区', '111'],
      ['11', '', '社区', '桂苑社区', '112'],
    ] as Row[];
    const { changed, broken } = plan(rows, () => true, [...KNOWN, street]);
    expect(broken).toEqual([]);
    expect(changed.map(({ known, name }) => [known.name, name])).toEqual([
      ['桂苑社区', '翠竹社区'],
      ['翠竹社区', '桂苑社区'],
    ]);
  });

  it('not two of one name, where the sheet does not speak of the other', () =>
    expect(told([['1', '', '街道', '南山街道', '11']])).toEqual(['2 name name-taken']));
});

it.each<{ name: string; rows: Row[]; problems: string[] }>([
  {
    name: 'a code twice',
    rows: [
      ['1', '', '街道', '甲街道', '21'],
      ['1', '', '街道', '乙街道', '21'],
    ],
    problems: ['3 code code-twice 2'],
  },
  {
    name: 'the same unit twice',
    rows: [
      ['11', '', '社区', '甲社区'],
      ['', '江南街道', '社区', '甲社区'],
    ],
    problems: ['3 name row-twice 2'],
  },
  {
    name: 'the same known unit twice',
    rows: [
      ['11', '', '社区', '桂苑社区', '111'],
      ['', '江南街道', '社区', '桂苑社区'],
    ],
    problems: ['3 name row-twice 2'],
  },
  {
    name: 'an unknown parent',
    rows: [['99', '', '社区', '甲社区']],
    problems: ['2 parentCode parent-unknown'],
  },
  {
    name: 'an unknown name',
    rows: [['', '火星', '社区', '甲社区']],
    problems: ['2 parentName parent-unknown'],
  },
  { name: 'a level skipped', rows: [['1', '', '社区', '甲社区']], problems: ['2 parentCode level-unfit'] },
  {
    name: 'a city below a district',
    rows: [['1', '', '市', '甲市']],
    problems: ['2 parentCode level-unfit'],
  },
  {
    name: 'a community without a parent',
    rows: [['', '', '社区', '甲']],
    problems: ['2 parentName parent-missing'],
  },
  {
    name: 'a known unit without its parent',
    rows: [['', '', '街道', '江南街道', '11']],
    problems: ['2 parentName parent-missing'],
  },
  {
    name: 'another level than it has',
    rows: [['', '', '区县', '桂苑社区', '111']],
    problems: ['2 level level-changed'],
  },
  {
    name: 'code and name of two parents',
    rows: [['11', '南山街道', '社区', '甲社区']],
    problems: ['2 parentName parent-contradicts'],
  },
  {
    name: 'one of two parents',
    rows: [
      ['', '', '区县', '湖区', '3'],
      ['3', '', '街道', '江南街道'],
      ['', '江南街道', '社区', '甲社区'],
    ],
    problems: ['4 parentName parent-ambiguous'],
  },
  {
    name: 'a broken row, once, and not of those below it',
    rows: [
      ['1', '', '街道', '甲街道', '21', '-1'],
      ['21', '', '社区', '甲社区'],
    ],
    problems: ['2 population population-invalid'],
  },
])('told: $name', ({ rows, problems }) => expect(told(rows)).toEqual(problems));

describe('who looks after one street only', () => {
  const street = KNOWN[1]?.path ?? '';
  const reach: Reach = (path) => path.startsWith(street);

  it.each<{ name: string; rows: Row[]; problems: string[] }>([
    { name: 'makes communities there', rows: [['11', '', '社区', '甲社区']], problems: [] },
    { name: 'may repeat what is elsewhere', rows: [['', '南山街道', '社区', '南山社区']], problems: [] },
    {
      name: 'changes nothing elsewhere',
      rows: [['', '南山街道', '社区', '南山社区', '5']],
      problems: ['2 name not-yours'],
    },
    { name: 'makes nothing elsewhere', rows: [['1', '', '街道', '甲街道']], problems: ['2 name not-yours'] },
    { name: 'makes no top', rows: [['', '', '市', '甲市']], problems: ['2 name not-yours'] },
    {
      name: 'moves nothing out',
      rows: [['', '南山街道', '社区', '桂苑社区', '111']],
      problems: ['2 name not-yours'],
    },
  ])('$name', ({ rows, problems }) => expect(told(rows, reach)).toEqual(problems));
});
