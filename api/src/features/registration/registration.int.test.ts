import type { Me } from '@yike/contracts/http/accounts';
import type { CodeSent } from '@yike/contracts/http/codes';
import type { Entered } from '@yike/contracts/http/registration';
import type { OwnSession } from '@yike/contracts/http/sessions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSign } from '../../domain/identity/mainland-id.ts';
import { codeFor, consentTo, filledIn, newNumber, newPhone, proofOf } from './testing/register.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import type { Visitor } from '../../testing/visitor.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ YIKE_DEMO: 'true' });
});
afterAll(() => api.close());

/** What somebody sends, of whose phone the proof is at hand. */
const form = async (more: object = {}, phone = newPhone()) => filledIn(api, await proofOf(api, phone), more);

describe('registering', () => {
  it('makes a resident, signed in, of the groups that were named and of the age', async () => {
    const visitor = api.visitor();
    const { status, body } = await visitor.post<Me>('/api/registration', await form());
    expect(status).toBe(200);
    expect(body).toMatchObject({ displayName: '王阿姨', roles: ['resident'], grants: [] });
    expect((await visitor.get<{ me: Me }>('/api/me')).body.me.id).toBe(body.id);
    const [row] = await api.sql('SELECT name, groups, birth_year FROM real_names WHERE user_id = $1', [
      body.id,
    ]);
    expect(row).toEqual({ name: '王秀兰', groups: ['parent', 'elderly'], birth_year: 1958 });
    const consents = await api.sql('SELECT text FROM consents WHERE user_id = $1 ORDER BY text', [body.id]);
    expect(consents).toEqual([{ text: 'privacy' }, { text: 'terms' }]);
  });

  it('masks a number in the name that others see', async () => {
    const given = await form({ displayName: '找我13812345678' });
    expect((await api.visitor().post<Me>('/api/registration', given)).body.displayName).toBe(
      '找我138****5678',
    );
  });

  const refusals: { name: string; more: object; code: string; message?: string }[] = [
    {
      name: 'a checksum that is wrong',
      more: number('440305195803120011'),
      code: 'document-invalid',
      message: 'number-checksum',
    },
    {
      name: '15 digits',
      more: number('440305580312001'),
      code: 'document-invalid',
      message: 'number-fifteen',
    },
    {
      name: 'a birth to come',
      more: number('440305209903120012'),
      code: 'document-invalid',
      message: 'number-birth-in-future',
    },
    { name: 'no name', more: { realName: '  ' }, code: 'name-invalid', message: 'name-empty' },
    {
      name: 'a name with a turn of direction',
      more: { realName: '王\u202E兰' },
      code: 'name-invalid',
      message: 'name-characters',
    },
    {
      name: 'an old text',
      more: { consents: [{ text: 'terms', version: '2020-01-01' }] },
      code: 'consent-missing',
    },
    { name: 'a proof that is none', more: { phoneProof: 'x' }, code: 'phone-proof-spent' },
    { name: 'a field too many', more: { roles: ['platform-administrator'] }, code: 'invalid-request' },
  ];
  it.each(refusals)('refuses $name, and keeps nothing', async ({ more, code, message }) => {
    const [before] = await api.sql('SELECT count(*) FROM users');
    const phone = newPhone();
    const { body } = await api
      .visitor()
      .post<{ code: string; issues?: { message: string }[] }>('/api/registration', await form(more, phone));
    expect(body.code).toBe(code);
    if (message !== undefined) expect(body.issues?.[0]?.message).toBe(message);
    expect((await api.sql('SELECT count(*) FROM users'))[0]).toEqual(before);
  });

  it('takes a number with a small x and full-width digits for the same', async () => {
    const typed = '４４０３０５ 19491001 002x';
    const first = '44030519491001002';
    const wanted = checkSign(first);
    const given = await form(number(wanted === 'X' ? typed : typed.replace('x', wanted)));
    expect((await api.visitor().post('/api/registration', given)).status).toBe(200);
    const again = await form(number(first + wanted));
    expect(await api.visitor().refusal('POST', '/api/registration', again)).toBe('document-taken');
  });

  it('refuses a home that is no community', async () => {
    const [street] = await api.sql<{ id: string }>("SELECT id FROM org_units WHERE name = '江南街道'");
    const given = await form({ homeOrgUnitId: street!.id });
    expect(await api.visitor().refusal('POST', '/api/registration', given)).toBe('not-found');
  });

  it('of fifty at once with one phone leaves one', async () => {
    const proof = await proofOf(api, newPhone());
    const [before] = await api.sql<{ n: number }>('SELECT count(*)::int AS n FROM users');
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () =>
        api.visitor().post<{ code?: string }>('/api/registration', await filledIn(api, proof)),
      ),
    );
    const codes = answers.map(({ status, body }) => (status === 200 ? 'registered' : (body.code ?? '')));
    expect(codes.filter((code) => code === 'registered')).toHaveLength(1);
    expect(new Set(codes)).toEqual(new Set(['registered', 'phone-taken', 'too-many-requests']));
    const [after] = await api.sql<{ n: number }>('SELECT count(*)::int AS n FROM users');
    expect(after!.n - before!.n).toBe(1);
  });

  it('lets nobody try many ID numbers with one phone', async () => {
    const proof = await proofOf(api, newPhone());
    const taken = newNumber();
    await api.visitor().post('/api/registration', await form(number(taken)));
    const codes: string[] = [];
    for (let n = 0; n < 11; n += 1) {
      codes.push(
        await api.visitor().refusal('POST', '/api/registration', await filledIn(api, proof, number(taken))),
      );
    }
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 'document-taken'), 'too-many-requests']);
  });
});

function number(typed: string): object {
  return { document: { type: 'mainland-id', number: typed } };
}

describe('a minor', () => {
  const child = { ...number(''), consents: consentTo('terms', 'privacy', 'minor') };
  const childForm = async (guardian?: object) =>
    await form({
      ...child,
      ...number(newNumber('20150601')),
      ...(guardian && { guardian }),
    });

  it('is not registered alone', async () => {
    expect(await api.visitor().refusal('POST', '/api/registration', await childForm())).toBe(
      'guardian-needed',
    );
  });

  it('is registered with a guardian who is registered, of age, and typed their code', async () => {
    const phone = newPhone();
    const { body: guardian } = await api.visitor().post<Me>('/api/registration', await form({}, phone));
    const code = await codeFor(api, phone, 'guardian');
    const { status, body } = await api
      .visitor()
      .post<Me>('/api/registration', await childForm({ phone, code }));
    expect(status).toBe(200);
    const [row] = await api.sql('SELECT guardian_id, groups FROM real_names WHERE user_id = $1', [body.id]);
    expect(row).toEqual({ guardian_id: guardian.id, groups: ['parent', 'minor'] });
    const consents = await api.sql('SELECT DISTINCT given_by FROM consents WHERE user_id = $1', [body.id]);
    expect(consents).toEqual([{ given_by: guardian.id }]);
  });

  it('has no stranger for a guardian, and a guardian’s code is not guessed', async () => {
    const stranger = newPhone();
    const code = await codeFor(api, stranger, 'guardian');
    const other = code === '000000' ? '000001' : '000000';
    const register = async (guardian: object) =>
      api.visitor().refusal('POST', '/api/registration', await childForm(guardian));
    expect(await register({ phone: stranger, code: other })).toBe('code-wrong');
    expect(await register({ phone: stranger, code })).toBe('guardian-unknown');
  });
});

describe('signing in', () => {
  it('by a code needs no password; by a password the phone is the name', async () => {
    const phone = newPhone();
    const given = await form({ password: 'a long password' }, phone);
    const { body: me } = await api.visitor().post<Me>('/api/registration', given);
    const byPassword = api.visitor();
    expect(await byPassword.signIn(`+86 ${phone}`, 'a long password')).toMatchObject({
      status: 200,
      body: { id: me.id },
    });
    expect(await api.visitor().signIn(phone, 'another password')).toMatchObject({ status: 401 });
    await api.sql('DELETE FROM one_time_codes');
    const byCode = api.visitor();
    const code = await codeForAgain(phone);
    expect((await byCode.post<Entered>('/api/session/by-code', { phone, code })).body).toMatchObject({
      kind: 'signed-in',
      me: { id: me.id },
    });
  });

  it('answers a phone that is registered and one that is not alike', async () => {
    const known = newPhone();
    await api.visitor().post('/api/registration', await form({}, known));
    const wrong = async (phone: string) =>
      api.visitor().post('/api/session/by-code', { phone, code: '000000' });
    const shapeOf = ({ status, body }: Awaited<ReturnType<typeof wrong>>) => ({
      status,
      ...(body as object),
      requestId: '',
    });
    expect(shapeOf(await wrong(newPhone()))).toMatchObject({ status: 422, code: 'code-wrong' });
    // The known one has had a code, which is used: it is told so to whoever had it.
    expect((await wrong(known)).status).toBe(422);
    const passwordOf = async (phone: string) =>
      shapeOf(await api.visitor().signIn(phone, 'a wrong password'));
    expect(await passwordOf(known)).toEqual(await passwordOf(newPhone()));
  });
});

/** A second code within the minute, for a test that is about what comes after. */
async function codeForAgain(phone: string): Promise<string> {
  const { OneTimeCodesService } = await import('../one-time-codes/one-time-codes.service.ts');
  const { CodeLimits } = await import('../one-time-codes/code-limits.ts');
  const limits = api.app.get(CodeLimits, { strict: false });
  const countSending = limits.countSending.bind(limits);
  limits.countSending = () => Promise.resolve();
  try {
    const codes = api.app.get(OneTimeCodesService, { strict: false });
    const { demoCode } = await codes.send({ phone, purpose: 'enter' }, { device: 'd', address: '192.0.2.1' });
    return demoCode!;
  } finally {
    limits.countSending = countSending;
  }
}

describe('sessions', () => {
  it('are listed with this one first, and ended by their owner alone', async () => {
    const [here, there, stranger] = [
      await api.signedIn('resident'),
      await api.signedIn('resident'),
      await api.signedIn('resident2'),
    ];
    const list = async (visitor: Visitor) =>
      (await visitor.get<{ items: OwnSession[] }>('/api/me/sessions')).body.items;
    const [first, second] = await list(here);
    expect([first?.isThisOne, second?.isThisOne]).toEqual([true, false]);
    const path = `/api/me/sessions/${second!.id}`;
    expect(await stranger.refusal('DELETE', path)).toBe('not-found');
    expect((await here.send('DELETE', path)).status).toBe(204);
    expect((await there.get<{ me: unknown }>('/api/me')).body.me).toBeNull();
    expect(await list(here)).toHaveLength(1);
  });

  it('but this one all end at once', async () => {
    const [here, there] = [await api.signedIn('lecturer'), await api.signedIn('lecturer')];
    expect((await here.send('DELETE', '/api/me/sessions')).status).toBe(204);
    expect((await there.get<{ me: unknown }>('/api/me')).body.me).toBeNull();
    expect((await here.get<{ me: unknown }>('/api/me')).body.me).not.toBeNull();
  });
});

describe('stepping up', () => {
  const steppedUp = () =>
    api.sql<{ n: number }>('SELECT count(*)::int AS n FROM sessions WHERE stepped_up_at IS NOT NULL');

  it('is by the password, or by a code to one’s own phone', async () => {
    const admin = await api.signedIn('admin');
    expect(await admin.refusal('POST', '/api/session/step-up', { password: 'wrong' })).toBe(
      'wrong-credentials',
    );
    expect(await steppedUp()).toEqual([{ n: 0 }]);
    expect(await admin.post('/api/session/step-up', { password: 'yike-demo' })).toMatchObject({
      status: 200,
      body: { validSeconds: 600 },
    });
    expect(await steppedUp()).toEqual([{ n: 1 }]);
    expect(await admin.refusal('POST', '/api/session/step-up/code')).toBe('no-phone');

    const resident = api.visitor();
    await resident.post('/api/registration', await form());
    const { body } = await resident.post<CodeSent>('/api/session/step-up/code');
    expect((await resident.post('/api/session/step-up', { code: body.demoCode })).status).toBe(200);
    expect(await steppedUp()).toEqual([{ n: 2 }]);
  });
});
