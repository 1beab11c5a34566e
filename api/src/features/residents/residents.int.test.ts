import type { Me } from '@yike/contracts/http/accounts';
import type { Resident } from '@yike/contracts/http/residents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import type { Visitor } from '../../testing/visitor.ts';
import { communityNamed, newNumber, register } from '../registration/testing/register.ts';

interface Known {
  readonly id: string;
  readonly phone: string;
  readonly number: string;
}

let api: ApiUnderTest;
/** Administrator of 桂苑社区; auditor and administrator of more. */
let community: Visitor;
let auditor: Visitor;
let admin: Visitor;
const known = new Map<string, Known>();

async function add(name: string, home: string): Promise<void> {
  const number = newNumber();
  const { visitor, phone } = await register(api, {
    realName: name,
    displayName: name,
    document: { type: 'mainland-id', number },
    homeOrgUnitId: await communityNamed(api, home),
  });
  const { body } = await visitor.get<{ me: Me }>('/api/me');
  known.set(name, { id: body.me.id, phone, number });
}

const idOf = (name: string): string => known.get(name)!.id;

beforeAll(async () => {
  api = await startApi({ YIKE_DEMO: 'true' });
  for (const name of ['安一', '安二', '安三', '白一']) await add(name, '桂苑');
  await add('安四', '南山社区');
  community = await api.signedIn('community');
  auditor = await api.signedIn('auditor');
  admin = await api.signedIn('admin');
});
afterAll(() => api.close());

interface Found {
  readonly items: Resident[];
  readonly nextCursor: string | null;
}
const search = async (visitor: Visitor, body: object): Promise<Found> =>
  (await visitor.post<Found>('/api/admin/residents/search', body)).body;
const names = ({ items }: Found): string[] => items.map(({ displayName }) => displayName);

describe('the list', () => {
  it('has the people of one’s own organisations, masked', async () => {
    const found = await search(community, {});
    expect(names(found)).toEqual(['安一', '安三', '安二', '白一']);
    const { phone, number } = known.get('安一')!;
    expect(found.items[0]).toMatchObject({
      name: '安*',
      phone: `${phone.slice(0, 3)}****${phone.slice(-4)}`,
      number: `${number.slice(0, 3)}***********${number.slice(-4)}`,
      home: { name: '桂苑社区' },
      groups: ['parent', 'elderly'],
    });
    expect(JSON.stringify(found)).not.toContain(phone);
  });

  it('is had a page at a time, in one order, without a name in the cursor', async () => {
    const first = await search(community, { words: '安', limit: 2 });
    expect(names(first)).toEqual(['安一', '安三']);
    expect(Buffer.from(first.nextCursor!, 'base64url').toString()).not.toContain('安');
    const second = await search(community, { words: '安', limit: 2, cursor: first.nextCursor });
    expect([names(second), second.nextCursor]).toEqual([['安二'], null]);
    const newest = await search(admin, { sort: 'newest', limit: 2 });
    expect(names(newest)).toEqual(['安四', '白一']);
    expect(names(await search(admin, { sort: 'newest', limit: 2, cursor: newest.nextCursor }))).toEqual([
      '安三',
      '安二',
    ]);
    const mixed = { sort: 'name', cursor: newest.nextCursor };
    expect(await admin.refusal('POST', '/api/admin/residents/search', mixed)).toBe('invalid-request');
  });

  it('finds one by the whole phone or ID number, however it is typed, and never by a part', async () => {
    const { phone, number } = known.get('安四')!;
    expect(names(await search(auditor, { words: `+86 ${phone}` }))).toEqual(['安四']);
    expect(names(await search(auditor, { words: number.toLowerCase() }))).toEqual(['安四']);
    expect(names(await search(auditor, { words: phone.slice(0, 10) }))).toEqual([]);
    expect(names(await search(community, { words: phone }))).toEqual([]);
  });

  it('is narrowed by organisation and group', async () => {
    const under = (await api.sql<{ id: string }>("SELECT id FROM org_units WHERE name = '南山街道'"))[0]!.id;
    expect(names(await search(admin, { under }))).toEqual(['安四']);
    expect(names(await search(community, { under }))).toEqual([]);
    expect(names(await search(admin, { group: 'farmer' }))).toEqual([]);
    expect(names(await search(admin, { group: 'elderly', words: '白' }))).toEqual(['白一']);
  });

  it.each(['resident', 'lecturer', 'curator'] as const)('is not for a %s', async (name) => {
    const visitor = await api.signedIn(name);
    expect(await visitor.refusal('POST', '/api/admin/residents/search', {})).toBe('forbidden');
  });
});

describe('one of them', () => {
  const path = (name: string) => `/api/admin/residents/${idOf(name)}`;

  it('is there for who looks after them, and for nobody else', async () => {
    expect((await community.get<Resident>(path('白一'))).body.displayName).toBe('白一');
    expect(await community.refusal('GET', path('安四'))).toBe('not-found');
    expect((await admin.get<Resident>(path('安四'))).status).toBe(200);
  });

  it('is shown whole after a step-up, for a reason, which stands in the log without the value', async () => {
    const wanted = { field: 'number', reason: '核对培训证' };
    const reveal = `${path('白一')}/reveal`;
    expect(await community.refusal('POST', reveal, wanted)).toBe('step-up-needed');
    await community.post('/api/session/step-up', { password: 'yike-demo' });
    const { number } = known.get('白一')!;
    expect((await community.post<{ value: string }>(reveal, wanted)).body).toEqual({ value: number });
    const log = await api.sql(
      "SELECT subject_id, reason, after FROM audit_entries WHERE action = 'resident.reveal'",
    );
    expect(log).toEqual([{ subject_id: idOf('白一'), reason: '核对培训证', after: { revealed: 'number' } }]);
    expect(await community.refusal('POST', `${path('安四')}/reveal`, wanted)).toBe('not-found');
    expect(await community.refusal('POST', reveal, { field: 'number', reason: '' })).toBe('invalid-request');
  });

  it('is shown whole to no auditor', async () => {
    await auditor.post('/api/session/step-up', { password: 'yike-demo' });
    const wanted = { field: 'phone', reason: '看看' };
    expect(await auditor.refusal('POST', `${path('白一')}/reveal`, wanted)).toBe('forbidden');
  });
});
