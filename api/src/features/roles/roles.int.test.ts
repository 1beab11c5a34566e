import type { AuditEntry } from '@yike/contracts/http/audit';
import type { Approval, grantRole, RoleGrant } from '@yike/contracts/http/roles';
import { newId, RoleGrantId, UserId } from '@yike/contracts/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoUnitId } from '../../database/seed-demo-organisations.ts';
import type { ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { connectPage } from '../../testing/portal-page.ts';
import type { Visitor } from '../../testing/visitor.ts';

const GRANTS = '/api/admin/role-grants';
const APPROVALS = '/api/admin/approvals';
const DISTRICT = demoUnitId('滨江区');
const CASSIA = demoUnitId('桂苑社区');
const PINE = demoUnitId('松鹤社区');

let api: ApiUnderTest;
let admin: Visitor;
let community: Visitor;
const ids: Record<string, UserId> = {};
beforeAll(async () => {
  api = await startApi();
  [admin, community] = [await api.signedIn('admin'), await api.signedIn('community')];
  for (const { id, username } of await api.sql<{ id: UserId; username: string }>(
    'SELECT id, username FROM users',
  ))
    ids[username] = id;
});
afterAll(() => api.close());
beforeEach(() => api.sql('UPDATE sessions SET stepped_up_at = now()'));

const wish = (more: object = {}) => ({
  ...{ userId: ids.resident2, role: 'tutor', orgUnitId: CASSIA, validTo: null, reason: '协助开课' },
  ...more,
});
const grant = async (by: Visitor, more: object = {}): Promise<ReplyOf<typeof grantRole>> =>
  (await by.post<ReplyOf<typeof grantRole>>(GRANTS, wish(more))).body;
const listed = async (by: Visitor, query = ''): Promise<RoleGrant[]> =>
  (await by.get<{ items: RoleGrant[] }>(`${GRANTS}${query}`)).body.items;

describe('giving a role', () => {
  it('holds at once, is listed, and stands in the audit log', async () => {
    const person = await api.signedIn('resident2');
    const { grant: given, approval } = await grant(community, { validTo: '2099-01-01T00:00:00.000Z' });
    expect(approval).toBeNull();
    expect(given).toMatchObject({
      role: 'tutor',
      orgUnit: { name: '桂苑社区' },
      grantedBy: { displayName: '周敏' },
    });
    const { me } = (await person.get<{ me: object }>('/api/me')).body;
    expect(me).toMatchObject({
      roles: ['resident', 'tutor'],
      grants: [{ role: 'tutor', orgUnitName: '桂苑社区', validTo: '2099-01-01T00:00:00.000Z' }],
    });
    expect((await listed(community)).map(({ id }) => id)).toContain(given!.id);
    const [entry] = (await community.get<{ items: AuditEntry[] }>('/api/admin/audit?limit=1')).body.items;
    expect(entry).toMatchObject({
      action: 'role.grant',
      subject: { kind: 'person', id: ids.resident2 },
      reason: '协助开课',
    });
  });

  it('needs a fresh proof of who one is', async () => {
    await api.sql("UPDATE sessions SET stepped_up_at = now() - interval '10 minutes'");
    expect(await community.refusal('POST', GRANTS, wish())).toBe('step-up-needed');
  });

  it.each([
    { name: 'beside the own part of the tree', more: { orgUnitId: PINE }, code: 'forbidden' },
    { name: 'above it', more: { orgUnitId: DISTRICT }, code: 'forbidden' },
    { name: 'above the own role', more: { role: 'platform-administrator' }, code: 'forbidden' },
    { name: 'to nobody', more: { userId: newId(UserId) }, code: 'not-found' },
    { name: 'that is over', more: { validTo: '2020-01-01T00:00:00Z' }, code: 'invalid-request' },
    { name: 'that nobody gives', more: { role: 'resident' }, code: 'invalid-request' },
    { name: 'without a reason', more: { reason: ' ' }, code: 'invalid-request' },
  ])('$name is refused', async ({ more, code }) => {
    expect(await community.refusal('POST', GRANTS, wish(more))).toBe(code);
  });

  it('to oneself is refused', async () => {
    expect(await community.refusal('POST', GRANTS, wish({ userId: ids.community }))).toBe('forbidden');
    expect(await admin.refusal('POST', GRANTS, wish({ userId: ids.admin, role: 'auditor' }))).toBe(
      'forbidden',
    );
  });

  it('of the whole house has its place at the top', async () => {
    const role = 'platform-administrator';
    expect(await admin.refusal('POST', GRANTS, wish({ role, orgUnitId: CASSIA }))).toBe('forbidden');
  });
});

describe('taking a role', () => {
  it('holds at once, and pages that are open connect anew', async () => {
    const person = await api.signedIn('resident2');
    const { grant: given } = await grant(admin, { role: 'curator', orgUnitId: PINE });
    expect((await person.get(GRANTS)).status).toBe(403);
    expect((await person.get('/api/admin/organisations')).status).toBe(200);
    const page = await connectPage(person);
    const closed = new Promise((resolve) => page.once('disconnect', resolve));
    const ended = await admin.post<RoleGrant>(`${GRANTS}/${given!.id}/end`, { reason: '调离' });
    expect(ended.body).toMatchObject({ endedBy: { displayName: '管理员' } });
    await closed;
    page.close();
    expect((await person.get('/api/admin/organisations')).status).toBe(403);
    expect((await listed(admin)).map(({ id }) => id)).not.toContain(given!.id);
    expect((await listed(admin, '?ended=yes&role=curator')).map(({ id }) => id)).toContain(given!.id);
    expect(await admin.refusal('POST', `${GRANTS}/${given!.id}/end`, { reason: '再来' })).toBe('wrong-state');
  });

  it('is for who might have given it', async () => {
    const { grant: given } = await grant(admin, { role: 'lecturer', orgUnitId: PINE });
    expect(await community.refusal('POST', `${GRANTS}/${given!.id}/end`, { reason: '不行' })).toBe(
      'not-found',
    );
    const none = newId(RoleGrantId);
    expect(await community.refusal('POST', `${GRANTS}/${none}/end`, { reason: '不行' })).toBe('not-found');
  });
});

describe('a role that governs people', () => {
  const ask = async (): Promise<Approval> => {
    const { grant: none, approval } = await grant(admin, { role: 'administrator', orgUnitId: CASSIA });
    expect(none).toBeNull();
    return approval!;
  };
  const decide = (by: Visitor, id: string, agree: boolean) =>
    by.post<Approval>(`${APPROVALS}/${id}/decision`, { agree, reason: '已核实' });

  it('waits for a second person, who is another, and is given then', async () => {
    const approval = await ask();
    expect(approval).toMatchObject({ wanted: { role: 'administrator' }, decision: null });
    const person = await api.signedIn('resident2');
    expect((await person.get(APPROVALS)).status).toBe(403);
    const waiting = (await community.get<{ items: Approval[] }>(APPROVALS)).body.items;
    expect(waiting.map(({ id }) => id)).toContain(approval.id);

    expect((await decide(admin, approval.id, true)).body).toMatchObject({ code: 'needs-second-person' });
    expect((await decide(community, approval.id, true)).body).toMatchObject({ decision: 'agreed' });
    expect((await person.get(APPROVALS)).status).toBe(200);
    expect((await decide(community, approval.id, false)).body).toMatchObject({ code: 'wrong-state' });
    const log = (await admin.get<{ items: AuditEntry[] }>('/api/admin/audit?limit=3')).body.items;
    expect(log.map(({ action }) => action)).toEqual([
      'approval.decide',
      'role.grant-administrator',
      'role.grant',
    ]);
  });

  it('is not given where the other declines, or has no right there', async () => {
    const approval = await ask();
    expect((await decide(await api.signedIn('lecturer'), approval.id, true)).status).toBe(403);
    expect((await decide(community, approval.id, false)).body).toMatchObject({ decision: 'declined' });
    expect((await listed(admin, `?role=administrator&userId=${ids.lecturer}`)).length).toBe(0);
  });

  it('is not given where who asked has lost the right since', async () => {
    const approval = await ask();
    await api.sql('UPDATE role_grants SET ended_at = now() WHERE user_id = $1', [ids.admin]);
    expect((await decide(community, approval.id, true)).body).toMatchObject({ code: 'forbidden' });
    await api.sql('UPDATE role_grants SET ended_at = NULL WHERE user_id = $1', [ids.admin]);
    const rows = await api.sql('SELECT FROM approvals WHERE id = $1 AND decision IS NULL', [approval.id]);
    expect(rows).toHaveLength(1);
  });
});

it('a list comes page by page', async () => {
  const all = await listed(admin, '?ended=yes&limit=100');
  const first = (await admin.get<{ items: RoleGrant[]; nextCursor: string }>(`${GRANTS}?ended=yes&limit=2`))
    .body;
  const second = await listed(admin, `?ended=yes&limit=100&cursor=${first.nextCursor}`);
  expect([...first.items, ...second]).toEqual(all);
  expect(await admin.refusal('GET', `${GRANTS}?cursor=1`)).toBe('invalid-request');
});
