import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import type { Visitor } from '../../testing/visitor.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ YIKE_DEMO: '1' });
});
afterAll(() => api.close());

const me = { displayName: '王秀英', roles: ['resident'], locale: 'zh-CN', elderMode: false };
const age = (column: 'rotated_at' | 'previous_valid_until', interval: string) =>
  api.sql(`UPDATE sessions SET ${column} = ${column} - $1::interval`, [interval]);

describe('signing in', () => {
  it('sets a cookie out of the reach of scripts and says who it is', async () => {
    const visitor = api.visitor();
    const answer = await visitor.signIn('Resident');
    expect(answer).toMatchObject({ status: 200, body: me });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^yike_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await visitor.get('/api/me')).body).toMatchObject({ me });
  });

  it('over https the cookie stays with https', async () => {
    const origin = api.url.replace('http:', 'https:');
    const headers = { 'x-forwarded-proto': 'https', origin };
    const credentials = { username: 'resident', password: 'yike-demo' };
    const answer = await api.visitor().send('POST', '/api/session', credentials, headers);
    expect(answer.headers.get('set-cookie')).toContain('; Secure;');
    expect(answer.headers.get('strict-transport-security')).not.toBeNull();
  });

  it('never tells which half was wrong', async () => {
    const unknown = await api.visitor().signIn('nobody');
    const wrong = await api.visitor().signIn('resident2', 'not this');
    const bare = ({ body }: { body: unknown }) => ({ ...(body as object), requestId: '' });
    expect(unknown.status).toBe(401);
    expect(bare(unknown)).toEqual(bare(wrong));
  });

  it('keeps neither the token nor the password', async () => {
    const visitor = await api.signedIn('resident2');
    const dump = JSON.stringify(
      await api.sql(`SELECT to_jsonb(s) AS s, to_jsonb(u) AS u FROM sessions s, users u`),
    );
    expect(dump).not.toContain('yike-demo');
    expect(dump).not.toContain(visitor.sessionToken);
    expect(dump).toContain('$argon2id$');
  });

  it('ends the session that the browser had', async () => {
    const visitor = await api.signedIn('resident');
    const first = visitor.sessionToken;
    await visitor.signIn('resident2');
    expect(visitor.sessionToken).not.toBe(first);
    visitor.sessionToken = first;
    expect((await visitor.get('/api/me')).body).toEqual({ me: null });
  });

  it('slows down who guesses an account, and lets the others in', async () => {
    const guesser = api.visitor();
    for (let i = 0; i < 10; i += 1) expect((await guesser.signIn('admin', `guess ${i}`)).status).toBe(401);
    const refused = await guesser.signIn('admin');
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.visitor().signIn('lecturer')).status).toBe(200);
  });

  it('ends by signing out', async () => {
    const visitor = await api.signedIn('resident');
    const token = visitor.sessionToken;
    expect((await visitor.send('DELETE', '/api/session')).status).toBe(204);
    expect(visitor.sessionToken).toBeUndefined();
    visitor.sessionToken = token;
    expect((await visitor.get('/api/me')).body).toEqual({ me: null });
  });
});

describe('a session', () => {
  const identify = async (visitor: Visitor) => (await visitor.get<{ me: unknown }>('/api/me')).body.me;

  it('gets a new token after a day, while requests that are under way keep theirs for a minute', async () => {
    const visitor = await api.signedIn('resident');
    const old = visitor.sessionToken;
    await age('rotated_at', '24 hours');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => visitor.get<{ me: unknown }>('/api/me')),
    );
    expect(answers.every(({ body }) => body.me !== null)).toBe(true);
    expect(answers.filter(({ headers }) => headers.has('set-cookie'))).toHaveLength(1);
    const fresh = visitor.sessionToken;
    expect(fresh).not.toBe(old);
    expect(await identify(visitor)).toMatchObject(me);

    visitor.sessionToken = old;
    expect(await identify(visitor)).toMatchObject(me);
    await age('previous_valid_until', '60 seconds');
    expect(await identify(visitor)).toBeNull();
    visitor.sessionToken = fresh;
    expect(await identify(visitor)).toMatchObject(me);
  });

  it('goes on when the answer with the new token is lost', async () => {
    const visitor = await api.signedIn('resident');
    const old = visitor.sessionToken;
    await age('rotated_at', '24 hours');
    await identify(visitor);
    visitor.sessionToken = old;
    await age('rotated_at', '1 minute');
    expect(await identify(visitor)).toMatchObject(me);
    expect(visitor.sessionToken).not.toBe(old);
    expect(await identify(visitor)).toMatchObject(me);
  });

  it('ends after thirty days without use', async () => {
    const visitor = await api.signedIn('resident');
    await api.sql(`UPDATE sessions SET expires_at = now() - interval '1 s'`);
    expect((await visitor.get('/api/me')).body).toEqual({ me: null });
  });

  it.each(['', 'short', 'x'.repeat(43), "' OR 1=1 --", 'x'.repeat(4_000)])(
    'is not any cookie: %j',
    async (token) => {
      const visitor = api.visitor();
      visitor.sessionToken = token;
      expect((await visitor.get('/api/me')).body).toEqual({ me: null });
    },
  );
});

describe('requests that change something', () => {
  it.each([
    { name: 'another site', headers: { origin: 'https://evil.example' } },
    { name: 'a sandboxed page', headers: { origin: 'null' } },
    { name: 'the same host on another port', headers: { origin: 'http://127.0.0.1:1' } },
  ])('are refused from $name', async ({ headers }) => {
    const visitor = await api.signedIn('resident');
    const answer = await visitor.send('PATCH', '/api/me', { elderMode: true }, headers);
    expect(answer).toMatchObject({ status: 403, body: { code: 'wrong-origin' } });
  });

  it('keep preferences', async () => {
    const visitor = await api.signedIn('resident');
    const answer = await visitor.send('PATCH', '/api/me', { elderMode: true, locale: 'en' });
    expect(answer.body).toMatchObject({ elderMode: true, locale: 'en', displayName: me.displayName });
  });

  it.each([
    { name: 'an unknown field', body: { elderMode: true, roles: ['admin'] } },
    { name: 'a wrong type', body: { elderMode: 'yes' } },
    { name: 'no JSON', body: '{' },
    { name: 'too much', body: { locale: 'x'.repeat(300_000) } },
  ])('are refused with $name', async ({ body }) => {
    const visitor = await api.signedIn('resident');
    const answer = await visitor.send('PATCH', '/api/me', body);
    expect([400, 413]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

it('shows the demo accounts only where everybody may know them', async () => {
  expect((await api.visitor().get<{ accounts: unknown[] }>('/api/demo-accounts')).body.accounts).toHaveLength(
    DEMO_ACCOUNTS.length,
  );
});
