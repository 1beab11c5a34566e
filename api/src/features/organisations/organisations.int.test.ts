import type {
  Department,
  OrgUnit,
  OrgUnitDetail,
  OrgUnitEdit,
  searchCommunities,
} from '@yike/contracts/http/organisations';
import { newId, OrgUnitId } from '@yike/contracts/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUnitId } from '../../database/seed-demo-organisations.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import type { ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import type { Visitor } from '../../testing/visitor.ts';

type Choices = ReplyOf<typeof searchCommunities>;

const TREE = '/api/admin/organisations';
const DISTRICT = demoUnitId('滨江区');
const RIVER = demoUnitId('江南街道');
const HILL = demoUnitId('南山街道');
const CASSIA = demoUnitId('桂苑社区');
const PINE = demoUnitId('松鹤社区');

let api: ApiUnderTest;
let admin: Visitor;
beforeAll(async () => {
  api = await startApi();
  admin = await api.signedIn('admin');
});
afterAll(() => api.close());

const listed = async (query = ''): Promise<OrgUnit[]> =>
  (await admin.get<{ units: OrgUnit[] }>(`${TREE}${query}`)).body.units;
const detail = async (id: string): Promise<OrgUnitDetail> =>
  (await admin.get<OrgUnitDetail>(`${TREE}/${id}`)).body;
const unitOf = async (name: string): Promise<OrgUnit | undefined> =>
  (await listed('?closed=yes')).find((unit) => unit.name === name);
const edit = (name: string): OrgUnitEdit => ({
  ...{ name, institutionName: null },
  ...{ population: null, code: null },
});
const community = (name: string, parentId: string = RIVER): object => ({
  ...edit(name),
  ...{ level: 'community', parentId },
});
const pathOf = async (id: string): Promise<string> =>
  (await api.sql<{ path: string }>('SELECT path FROM org_units WHERE id = $1', [id]))[0]?.path ?? '';

describe('the tree', () => {
  it('is shown from the top, each unit after the one above it, with its own residents', async () => {
    const units = await listed();
    expect(units).toHaveLength(10);
    expect(units[0]).toMatchObject({ name: '滨江区', level: 'district', parentId: null });
    const seen = new Set<string | null>([null]);
    for (const { id, parentId } of units) {
      expect(seen.has(parentId)).toBe(true);
      seen.add(id);
    }
    expect(units.find(({ id }) => id === CASSIA)?.residents).toBeGreaterThan(0);
  });

  it('is shown from one unit down', async () => {
    expect((await listed(`?under=${HILL}`)).map(({ name }) => name)).toEqual([
      ...['南山街道', '南山社区', '松鹤社区', '茶园社区'],
    ]);
    expect(await admin.refusal('GET', `${TREE}?under=${newId(OrgUnitId)}`)).toBe('not-found');
  });

  it('is not shown to residents', async () => {
    const resident = await api.signedIn('resident');
    expect(await resident.refusal('GET', TREE)).toBe('forbidden');
    expect(await api.visitor().refusal('GET', `${TREE}/${DISTRICT}`)).toBe('not-signed-in');
  });
});

describe('who registers finds a community', () => {
  const communities = async (query: string): Promise<Choices> =>
    (await api.visitor().get<Choices>(`/api/organisations/communities?${query}`)).body;

  it.each([
    { name: 'by a part of its name', q: '桂', names: ['桂苑社区'] },
    {
      name: 'by the unit above and a part',
      q: '江南 社区',
      names: ['桂苑社区', '翠竹社区', '望江社区', '杨柳社区'],
    },
    { name: 'by nothing that is there', q: '火星', names: [] },
    { name: 'not by a pattern', q: '%', names: [] },
  ])('$name', async ({ q, names }) => {
    expect((await communities(`q=${encodeURIComponent(q)}`)).items.map(({ name }) => name)).toEqual(names);
  });

  it('with the names above it', async () => {
    expect((await communities('q=%E6%A1%82%E8%8B%91')).items).toEqual([
      { id: CASSIA, name: '桂苑社区', institutionName: '桂苑社区学习中心', above: ['滨江区', '江南街道'] },
    ]);
  });

  it('page by page', async () => {
    const names: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page = await communities(`limit=3${next === '' ? '' : `&cursor=${next}`}`);
      names.push(...page.items.map(({ name }) => name));
      next = page.nextCursor;
    }
    expect(names).toHaveLength(7);
    expect(new Set(names).size).toBe(7);
    const wrong = '/api/organisations/communities?cursor=wrong!';
    expect(await api.visitor().refusal('GET', wrong)).toBe('invalid-request');
  });
});

describe('a unit', () => {
  it('is created where it fits', async () => {
    const { status, body } = await admin.post<OrgUnit>(TREE, community('新桥社区'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: '新桥社区', level: 'community', parentId: RIVER, residents: 0 });
    const { history } = await detail(body.id);
    expect(history).toMatchObject([{ kind: 'created', by: '管理员' }]);
    expect(history[0]?.changes).toContainEqual({ field: 'parent', before: null, after: '江南街道' });
  });

  it.each([
    { name: 'a name that is taken', body: community('桂苑社区'), code: 'organisation-name-taken' },
    { name: 'a level skipped', body: community('甲', DISTRICT), code: 'organisation-level-unfit' },
    { name: 'below nothing that is there', body: community('甲', newId(OrgUnitId)), code: 'not-found' },
    {
      name: 'a code that is taken',
      body: { ...community('甲'), code: '990108001001' },
      code: 'organisation-code-taken',
    },
    { name: 'a negative population', body: { ...community('甲'), population: -1 }, code: 'invalid-request' },
    { name: 'an empty name', body: community('  '), code: 'invalid-request' },
    { name: 'a name that turns the line round', body: community('甲\u202e乙'), code: 'invalid-request' },
    { name: 'a field of its own', body: { ...community('甲'), path: '00001' }, code: 'invalid-request' },
  ])('is refused: $name', async ({ body, code }) =>
    expect(await admin.refusal('POST', TREE, body)).toBe(code),
  );

  it('is edited, and its history says what changed', async () => {
    const { body: made } = await admin.post<OrgUnit>(TREE, community('老街社区'));
    const { body } = await admin.send<OrgUnit>('PATCH', `${TREE}/${made.id}`, {
      ...edit('老街新村社区'),
      population: 8_000,
    });
    expect(body).toMatchObject({ name: '老街新村社区', population: 8_000 });
    await admin.send('PATCH', `${TREE}/${made.id}`, { ...edit('老街新村社区'), population: 8_000 });
    const { history } = await detail(made.id);
    expect(history.map(({ kind }) => kind)).toEqual(['edited', 'created']);
    expect(history[0]?.changes).toEqual([
      { field: 'name', before: '老街社区', after: '老街新村社区' },
      { field: 'population', before: null, after: '8000' },
    ]);
  });

  it('has departments of different names', async () => {
    const at = `${TREE}/${DISTRICT}/departments`;
    const { body } = await admin.post<Department>(at, { name: '教务处', code: null });
    expect(await admin.refusal('POST', at, { name: '教务处', code: null })).toBe('organisation-name-taken');
    await admin.send('PATCH', `${at}/${body.id}`, { name: '教学部', code: 'JX' });
    expect((await detail(DISTRICT)).departments).toEqual([{ id: body.id, name: '教学部', code: 'JX' }]);
    expect(await admin.refusal('DELETE', `${TREE}/${RIVER}/departments/${body.id}`)).toBe('not-found');
    expect((await admin.send('DELETE', `${at}/${body.id}`)).status).toBe(204);
    expect((await detail(DISTRICT)).departments).toEqual([]);
  });
});

describe('a move', () => {
  it('takes all that is below along, by paths', async () => {
    const street = await admin.post<OrgUnit>(TREE, {
      ...edit('东湖街道'),
      level: 'sub-district',
      parentId: DISTRICT,
    });
    const moved = await admin.post<OrgUnit>(TREE, community('湖滨社区', street.body.id));
    const other = await admin.post<OrgUnit>(TREE, { ...edit('湖区'), level: 'district', parentId: null });
    const { status } = await admin.post(`${TREE}/${street.body.id}/move`, {
      parentId: other.body.id,
      reason: '区划调整',
    });
    expect(status).toBe(200);
    const above = await pathOf(other.body.id);
    expect((await pathOf(moved.body.id)).startsWith(above)).toBe(true);
    expect((await listed(`?under=${other.body.id}`)).map(({ name }) => name)).toEqual([
      '湖区',
      '东湖街道',
      '湖滨社区',
    ]);
    expect((await listed(`?under=${DISTRICT}`)).map(({ name }) => name)).not.toContain('湖滨社区');
    expect((await detail(street.body.id)).history[0]).toMatchObject({
      kind: 'moved',
      changes: [{ field: 'parent', before: '滨江区', after: '湖区' }],
    });
  });

  it('never goes below itself', async () => {
    const move = (parentId: string) =>
      admin.refusal('POST', `${TREE}/${RIVER}/move`, { parentId, reason: '试试' });
    expect(await move(RIVER)).toBe('organisation-level-unfit');
    expect(await move(CASSIA)).toBe('organisation-level-unfit');
  });

  it('of many at once keeps a tree', async () => {
    const names = ['一', '二', '三', '四', '五', '六'];
    const made = await Promise.all(
      names.map((name) => admin.post<OrgUnit>(TREE, community(`${name}号社区`))),
    );
    expect(made.map(({ status }) => status)).toEqual(names.map(() => 200));
    const moves = made.flatMap(({ body: { id } }, index) =>
      [HILL, RIVER].map((parentId) =>
        admin.post(`${TREE}/${id}/move`, { parentId: index % 2 === 0 ? parentId : HILL, reason: '同时' }),
      ),
    );
    expect((await Promise.all(moves)).every(({ status }) => status === 200)).toBe(true);
    const [{ wrong } = { wrong: -1 }] = await api.sql<{ wrong: number }>(
      `SELECT count(*)::int AS wrong FROM org_units child JOIN org_units parent ON parent.id = child.parent_id
       WHERE child.path <> parent.path || right(child.path, 5)`,
    );
    expect(wrong).toBe(0);
  });
});

describe('a merge', () => {
  it('brings residents to the other; the unit is closed and kept', async () => {
    const { body: old } = await admin.post<OrgUnit>(TREE, { ...community('并入社区', HILL), code: 'OLD-1' });
    await api.sql("UPDATE users SET org_unit_id = $1 WHERE username = 'resident2'", [old.id]);
    const before = (await detail(PINE)).unit.residents;
    const { body } = await admin.post<OrgUnit>(`${TREE}/${old.id}/merge`, {
      intoId: PINE,
      reason: '社区合并',
    });
    expect(body).toMatchObject({ mergedIntoId: PINE, residents: 0, code: null });
    expect(body.closedAt).not.toBeNull();
    expect((await detail(PINE)).unit.residents).toBe(before + 1);
    expect((await detail(PINE)).history[0]).toMatchObject({
      kind: 'absorbed',
      changes: [{ field: 'absorbed', before: null, after: '并入社区' }],
    });
    expect((await detail(old.id)).history[0]?.changes).toEqual([
      { field: 'code', before: 'OLD-1', after: null },
      { field: 'mergedInto', before: null, after: '松鹤社区' },
    ]);
    expect((await listed()).map(({ name }) => name)).not.toContain('并入社区');
    expect((await unitOf('并入社区'))?.mergedIntoId).toBe(PINE);
    expect(await admin.refusal('PATCH', `${TREE}/${old.id}`, edit('又来'))).toBe('organisation-closed');
    const again = await admin.post(TREE, { ...community('并入社区', HILL), code: 'OLD-1' });
    expect(again.status).toBe(200);
  });

  it('of two sub-districts moves the communities', async () => {
    const { body: street } = await admin.post<OrgUnit>(TREE, {
      ...edit('西街道'),
      level: 'sub-district',
      parentId: DISTRICT,
    });
    const { body: below } = await admin.post<OrgUnit>(TREE, community('西山社区', street.id));
    expect(
      await admin.refusal('POST', `${TREE}/${street.id}/merge`, { intoId: street.id, reason: '自己' }),
    ).toBe('organisation-itself');
    expect((await admin.post(`${TREE}/${street.id}/merge`, { intoId: HILL, reason: '合并' })).status).toBe(
      200,
    );
    expect((await detail(below.id)).unit.parentId).toBe(HILL);
    expect((await detail(below.id)).history[0]?.kind).toBe('moved');
  });
});

it('only what is empty is closed', async () => {
  const close = (id: string) => `${TREE}/${id}/close`;
  expect(await admin.refusal('POST', close(HILL), { reason: '停用' })).toBe('organisation-not-empty');
  expect(await admin.refusal('POST', close(CASSIA), { reason: '停用' })).toBe('organisation-not-empty');
  expect(await admin.refusal('POST', close(CASSIA), {})).toBe('invalid-request');
  const { body } = await admin.post<OrgUnit>(TREE, community('空社区'));
  expect((await admin.post<OrgUnit>(close(body.id), { reason: '停用' })).body.closedAt).not.toBeNull();
  expect((await detail(body.id)).history.map(({ kind }) => kind)).toEqual(['closed', 'created']);
});

describe('each in their own part', () => {
  it.each([
    { who: 'community', names: ['桂苑社区'] },
    { who: 'auditor', names: ['滨江区'] },
  ] as const)('the $who sees it from there down', async ({ who, names }) => {
    const person = await api.signedIn(who);
    const { body } = await person.get<{ units: OrgUnit[] }>(TREE);
    expect(body.units.slice(0, 1).map(({ name }) => name)).toEqual(names);
    const { body: below } = await person.get<{ units: OrgUnit[] }>(`${TREE}?under=${CASSIA}`);
    expect(below.units.map(({ name }) => name)).toEqual(['桂苑社区']);
  });

  it('a community’s administrator changes its words, not its place, and nothing of others', async () => {
    const person = await api.signedIn('community');
    const { body: other } = await person.get<{ units: OrgUnit[] }>(`${TREE}?under=${PINE}`);
    expect(other.units).toEqual([]);
    const population = { ...edit('桂苑社区'), population: 18_201, code: '990108001001' };
    expect((await person.send('PATCH', `${TREE}/${CASSIA}`, population)).status).toBe(200);
    const refused: [string, string, object][] = [
      ['PATCH', `${TREE}/${PINE}`, edit('松鹤')],
      ['POST', `${TREE}/${CASSIA}/move`, { parentId: HILL, reason: '搬走' }],
      ['POST', `${TREE}/${CASSIA}/merge`, { intoId: PINE, reason: '合并' }],
      ['POST', `${TREE}/${CASSIA}/close`, { reason: '停用' }],
      ['POST', `${TREE}/${PINE}/departments`, { name: '部门', code: null }],
      ['POST', TREE, community('甲')],
      ['POST', TREE, { ...edit('甲区'), level: 'district', parentId: null }],
    ];
    for (const [method, path, body] of refused) {
      expect(await person.refusal(method as 'POST', path, body)).toBe('forbidden'); // one of the two above
    }
    expect(await person.refusal('GET', `${TREE}/${PINE}`)).toBe('forbidden');
  });

  it('an auditor changes nothing', async () => {
    const auditor = await api.signedIn('auditor');
    expect((await auditor.get(`${TREE}/${CASSIA}`)).status).toBe(200);
    expect(await auditor.refusal('PATCH', `${TREE}/${CASSIA}`, edit('桂苑'))).toBe('forbidden');
  });
});
