import type { CodeSent } from '@yike/contracts/http/codes';
import type { OwnData } from '@yike/contracts/http/privacy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import type { Visitor } from '../../testing/visitor.ts';
import { newPhone, register } from './testing/register.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ YIKE_DEMO: 'true' });
});
afterAll(() => api.close());

const dataOf = async (visitor: Visitor): Promise<OwnData> =>
  (await visitor.get<OwnData>('/api/me/data')).body;

async function stepUp(visitor: Visitor): Promise<void> {
  const { body } = await visitor.post<CodeSent>('/api/session/step-up/code');
  await visitor.post('/api/session/step-up', { code: body.demoCode });
}

const audited = async (): Promise<unknown[]> =>
  api.sql("SELECT action, before, after FROM audit_entries WHERE action LIKE 'identity.%' ORDER BY seq");

it('changes the phone after a step-up, by a code to the new one; the log has both, masked', async () => {
  const { visitor, phone: old } = await register(api);
  const phone = newPhone();
  const { body } = await api.visitor().post<CodeSent>('/api/codes', { phone, purpose: 'new-phone' });
  const change = { phone, code: body.demoCode };
  expect(await visitor.refusal('PUT', '/api/me/phone', change)).toBe('step-up-needed');
  await stepUp(visitor);
  expect(await visitor.refusal('PUT', '/api/me/phone', { ...change, code: '000000' })).toBe('code-wrong');
  expect((await visitor.send('PUT', '/api/me/phone', change)).status).toBe(204);
  const shown = (number: string) => `${number.slice(0, 3)}****${number.slice(-4)}`;
  expect((await dataOf(visitor)).person?.phone).toBe(shown(phone));
  expect(await audited()).toEqual([
    { action: 'identity.change-phone', before: { phone: shown(old) }, after: { phone: shown(phone) } },
  ]);
});

it('takes nobody’s phone', async () => {
  const [one, other] = [await register(api), await register(api)];
  const { body } = await api
    .visitor()
    .post<CodeSent>('/api/codes', { phone: other.phone, purpose: 'new-phone' });
  await stepUp(one.visitor);
  const change = { phone: other.phone, code: body.demoCode };
  expect(await one.visitor.refusal('PUT', '/api/me/phone', change)).toBe('phone-taken');
});

it('moves to another community, never to a sub-district', async () => {
  const { visitor } = await register(api);
  const units = await api.sql<{ id: string; name: string }>('SELECT id, name FROM org_units');
  const idOf = (name: string) => units.find((unit) => unit.name === name)?.id;
  expect((await visitor.send('PUT', '/api/me/home', { homeOrgUnitId: idOf('南山社区') })).status).toBe(204);
  expect((await dataOf(visitor)).home.name).toBe('南山社区');
  expect(await visitor.refusal('PUT', '/api/me/home', { homeOrgUnitId: idOf('南山街道') })).toBe('not-found');
});

it('a new password ends the other sessions', async () => {
  const { visitor, phone } = await register(api);
  await stepUp(visitor);
  expect((await visitor.send('PUT', '/api/me/password', { password: 'first password' })).status).toBe(204);
  const elsewhere = api.visitor();
  expect((await elsewhere.signIn(phone, 'first password')).status).toBe(200);
  expect((await visitor.send('PUT', '/api/me/password', { password: 'second password' })).status).toBe(204);
  expect((await elsewhere.get<{ me: unknown }>('/api/me')).body.me).toBeNull();
  expect(await api.visitor().signIn(phone, 'first password')).toMatchObject({ status: 401 });
});
