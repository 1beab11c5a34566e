import { type OrgImportPreview, type OrgUnit, XLSX_TYPE } from '@yike/contracts/http/organisations';
import { Problem } from '@yike/contracts/problem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUnitId } from '../../../database/seed-demo-organisations.ts';
import { readSheet } from '../../../platform/sheets/read-sheet.ts';
import { type SheetValue, writeSheet } from '../../../platform/sheets/write-sheet.ts';
import { type ApiUnderTest, startApi } from '../../../testing/api-under-test.ts';
import type { Answer, Visitor } from '../../../testing/visitor.ts';

const TREE = '/api/admin/organisations';
const HEADINGS = ['上级代码', '上级名称', '级别', '名称', '机构名称', '人口', '代码'];

type Row = SheetValue[];

let api: ApiUnderTest;
let admin: Visitor;
beforeAll(async () => {
  api = await startApi();
  admin = await api.signedIn('admin');
});
afterAll(() => api.close());

const sheetOf = (rows: readonly Row[], headings = HEADINGS): Promise<Buffer> =>
  writeSheet(
    '组织',
    headings.map((heading) => ({ heading, width: 12 })),
    rows,
  );

const send = async <T>(who: Visitor, path: string, file: Buffer, type = XLSX_TYPE): Promise<Answer<T>> => {
  const answer = await fetch(new URL(`${TREE}/${path}`, who.origin), {
    method: 'POST',
    headers: { origin: who.origin, cookie: who.cookie, 'content-type': type },
    body: new Uint8Array(file),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as T }; // what the test expects
};
const preview = async (file: Buffer, who = admin): Promise<OrgImportPreview> =>
  (await send<OrgImportPreview>(who, 'import/preview', file)).body;
const importSheet = (file: Buffer, token: string | null, who = admin) =>
  send<{ created: number; changed: number }>(who, `import?token=${token ?? ''}`, file);
const refusalOf = (answer: Answer): string => Problem.parse(answer.body).code;
const exported = async (query = ''): Promise<Buffer> => {
  const answer = await fetch(new URL(`${TREE}/export.xlsx${query}`, admin.origin), {
    headers: { cookie: admin.cookie },
  });
  expect(answer.headers.get('content-type')).toBe(XLSX_TYPE);
  return Buffer.from(await answer.arrayBuffer());
};
const countUnits = async (): Promise<number> =>
  (await api.sql<{ units: number }>('SELECT count(*)::int AS units FROM org_units'))[0]?.units ?? 0;

const COMMUNITIES = 124;
const STREETS = 10;

/** A district of 10 sub-districts and 124 communities. The district is line 2, the sub-districts 3 to 12, the communities 13 to 136. */
function wholeTree(): Row[] {
  const streets = Array.from({ length: STREETS }, (_, at): Row => [
    ...['98', '锦江区', '街道', `第${at + 1}街道`, `第${at + 1}街道社区学校`, 50_000, `98${100 + at}`],
  ]);
  const communities = Array.from({ length: COMMUNITIES }, (_, at): Row => [
    ...[`98${100 + (at % STREETS)}`, '', '社区', `第${at + 1}社区`, null, 4_000 + at, `98${1000 + at}`],
  ]);
  return [[null, null, '区县', '锦江区', '锦江区社区学院', 600_000, '98'], ...streets, ...communities];
}

/** The same with five mistakes. */
function brokenTree(): Row[] {
  const rows = wholeTree();
  const mistakes: [line: number, column: number, value: SheetValue][] = [
    [20, 6, '981003'], // the code of line 16
    [47, 0, '97777'],
    [63, 2, '小区'],
    [88, 5, -12],
    [120, 3, null],
  ];
  for (const [line, column, value] of mistakes) (rows[line - 2] ?? [])[column] = value;
  return rows;
}

describe('a tree of 124 communities in 10 sub-districts', () => {
  it('with five broken rows is told by line, and nothing of it is imported', async () => {
    const before = await countUnits();
    const file = await sheetOf(brokenTree());
    const told = await preview(file);
    expect(
      told.broken.map(({ line, column, problem, otherLine }) => [line, column, problem, otherLine]),
    ).toEqual([
      [20, 'code', 'code-twice', 16],
      [47, 'parentCode', 'parent-unknown', null],
      [63, 'level', 'level-unknown', null],
      [88, 'population', 'population-invalid', null],
      [120, 'name', 'name-missing', null],
    ]);
    expect(told.token).toBeNull();
    expect(refusalOf(await importSheet(file, 'forged.token'))).toBe('organisations-changed');
    expect(await countUnits()).toBe(before);
  });

  it('mended is imported whole, and told to the audit log and the histories', async () => {
    const file = await sheetOf(wholeTree());
    const told = await preview(file);
    expect(told).toMatchObject({ changed: [], unchanged: 0, broken: [] });
    expect(told.created).toHaveLength(1 + STREETS + COMMUNITIES);
    expect(told.created[1]).toEqual({
      line: 3,
      name: '第1街道',
      level: 'sub-district',
      parentName: '锦江区',
    });
    const { body } = await importSheet(file, told.token);
    expect(body).toEqual({ created: 135, changed: 0 });
    const [district] = (await admin.get<{ units: OrgUnit[] }>(TREE)).body.units.filter(
      ({ code }) => code === '98',
    );
    const { body: tree } = await admin.get<{ units: OrgUnit[] }>(`${TREE}?under=${district?.id}`);
    expect(tree.units.filter(({ level }) => level === 'community')).toHaveLength(COMMUNITIES);
    expect(tree.units.filter(({ level }) => level === 'sub-district')).toHaveLength(STREETS);
    const steps = await api.sql("SELECT FROM org_unit_changes WHERE kind = 'created'");
    expect(steps).toHaveLength(135);
    const entries = await api.sql("SELECT after FROM audit_entries WHERE action = 'organisation.import'");
    expect(entries).toMatchObject([{ after: { created: 135, changed: 0 } }]);
  });

  it('a second time is nothing to do', async () => {
    const file = await sheetOf(wholeTree());
    const told = await preview(file);
    expect(told).toMatchObject({ created: [], changed: [], unchanged: 135, broken: [] });
  });

  it('exported and imported again is nothing to do', async () => {
    const told = await preview(await exported());
    expect(told).toMatchObject({ created: [], changed: [], broken: [] });
    expect(told.unchanged).toBe(await countUnits());
  });
});

describe('changes', () => {
  it('are told field by field before they are made', async () => {
    const file = await sheetOf([
      ['990108002', null, '社区', '松鹤新村', '松鹤社区学习中心', 12_345, '990108002002'],
      ['990108001', '江南街道', '社区', '茶园社区', '茶园社区学习中心', 11_200, '990108002003'],
    ]);
    const told = await preview(file);
    expect(told.changed).toEqual([
      {
        ...{ line: 2, name: '松鹤社区' },
        changes: [
          { field: 'name', before: '松鹤社区', after: '松鹤新村' },
          { field: 'population', before: '12100', after: '12345' },
        ],
      },
      { line: 3, name: '茶园社区', changes: [{ field: 'parent', before: '南山街道', after: '江南街道' }] },
    ]);
    expect((await importSheet(file, told.token)).body).toEqual({ created: 0, changed: 2 });
    const { body } = await admin.get<{ units: OrgUnit[] }>(`${TREE}?under=${demoUnitId('江南街道')}`);
    expect(body.units.map(({ name }) => name)).toContain('茶园社区');
  });

  it('that swap names and codes are made', async () => {
    const file = await sheetOf([
      ['990108001', null, '社区', '翠竹社区', '桂苑社区学习中心', 18_200, '990108001001'],
      ['990108001', null, '社区', '桂苑社区', '翠竹社区学习中心', 15_900, '990108001002'],
    ]);
    const told = await preview(file);
    expect((await importSheet(file, told.token)).body).toEqual({ created: 0, changed: 2 });
    const named = await api.sql<{ name: string }>('SELECT name FROM org_units WHERE id = $1', [
      demoUnitId('桂苑社区'),
    ]);
    expect(named).toEqual([{ name: '翠竹社区' }]);
  });

  it('wait for another preview when the tree, or the file, is another since', async () => {
    const file = await sheetOf([['990108001', null, '社区', '新桥社区', null, null, null]]);
    const { token } = await preview(file);
    const other = await sheetOf([['990108001', null, '社区', '老桥社区', null, null, null]]);
    expect(refusalOf(await importSheet(other, token))).toBe('organisations-changed');
    const department = { name: '抢先社区', level: 'community', parentId: demoUnitId('江南街道') };
    await admin.post(TREE, { ...department, institutionName: null, population: null, code: null });
    expect(refusalOf(await importSheet(file, token))).toBe('organisations-changed');
    const again = await preview(file);
    expect((await importSheet(file, again.token)).body).toEqual({ created: 1, changed: 0 });
  });

  it('of others’ units are broken rows', async () => {
    const community = await api.signedIn('community');
    const file = await sheetOf([
      ['990108002', null, '社区', '松鹤新村', null, 1, '990108002002'],
      ['990108001', null, '社区', '我的社区', null, null, null],
    ]);
    const told = await preview(file, community);
    expect(told.broken.map(({ line, problem }) => [line, problem])).toEqual([
      [2, 'not-yours'],
      [3, 'not-yours'],
    ]);
    const auditor = await api.signedIn('auditor');
    expect(refusalOf(await send(auditor, 'import/preview', file))).toBe('forbidden');
  });
});

describe('a sheet', () => {
  it('goes out harmless, and comes back as it was', async () => {
    const plan = { level: 'community', parentId: demoUnitId('江南街道'), population: null, code: null };
    await admin.post(TREE, { ...plan, name: '=HYPERLINK("x")', institutionName: '@学校' });
    const file = await exported(`?under=${demoUnitId('江南街道')}`);
    const texts = (await readSheet(file, 100)).flatMap(({ cells }) =>
      [...cells.values()].map(({ text }) => text),
    );
    expect(texts).toContain('\'=HYPERLINK("x")');
    expect(texts).toContain("'@学校");
    expect(texts.filter((text) => /^[=+\-@]/.test(text))).toEqual([]);
    expect(await preview(file)).toMatchObject({ created: [], changed: [], broken: [] });
  });

  it.each([
    { name: 'text', file: () => Promise.resolve(Buffer.from('名称,级别')), code: 'sheet-unreadable' },
    { name: 'without the headings', file: () => sheetOf([['甲']], ['姓名']), code: 'sheet-unreadable' },
    {
      name: 'over 2 MB',
      file: () => Promise.resolve(Buffer.alloc(2 * 1024 * 1024 + 1)),
      code: 'payload-too-large',
    },
    {
      name: 'of 5,001 rows',
      file: () => sheetOf(Array.from({ length: 5_001 }, (_, at): Row => ['1', null, '社区', `${at}号`])),
      code: 'payload-too-large',
    },
  ])('is refused: $name', async ({ file, code }) => {
    expect(refusalOf(await send(await api.signedIn('community'), 'import/preview', await file()))).toBe(code);
  });

  it('is refused as JSON', async () => {
    const answer = await send(admin, 'import/preview', Buffer.from('{}'), 'application/json');
    expect(refusalOf(answer)).toBe('invalid-request');
  });

  it('of 5,000 rows is read, planned and imported in seconds', async () => {
    const rows = Array.from({ length: 5_000 }, (_, at): Row => [
      '990108002',
      null,
      '社区',
      `${at}号社区`,
      null,
      at,
      `R${at}`,
    ]);
    const file = await sheetOf(rows);
    const startedAt = performance.now();
    const { token, created } = await preview(file);
    expect(created).toHaveLength(5_000);
    expect((await importSheet(file, token)).body).toEqual({ created: 5_000, changed: 0 });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
