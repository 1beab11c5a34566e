import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';

const HANDLER = `export const handler = (request, response, next) =>
  request.url === '/lost' ? next() : response.end(JSON.stringify({ url: request.url, headers: request.headers }));`;

let api: ApiUnderTest;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'yike-portal-'));
  await writeFile(path.join(folder, 'handler.mjs'), HANDLER);
  api = await startApi({ PORTAL_HANDLER: path.join(folder, 'handler.mjs') });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

interface Page {
  readonly url: string;
  readonly headers: Record<string, string>;
}

it.each(['/', '/lectures/1?x=1', '/apiary', '/_app/immutable/a.js'])('%s is the portal’s', async (url) => {
  const answer = await fetch(new URL(url, api.url), { headers: { 'x-forwarded-host': 'yike.example' } });
  const page = (await answer.json()) as Page;
  expect(page.url).toBe(url);
  expect(page.headers).toMatchObject({ 'x-forwarded-proto': 'http', 'x-forwarded-host': 'yike.example' });
  expect(answer.headers.get('x-frame-options')).toBe('DENY');
  expect(answer.headers.get('content-security-policy')).toBeNull();
});

it.each(['/api', '/api/none', '/playback/x', '/health/none'])('%s is the API’s own', async (url) => {
  const answer = await fetch(new URL(url, api.url));
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
});

it('a page that is not there is a problem too', async () => {
  expect((await fetch(new URL('/lost', api.url))).status).toBe(404);
});

it('figures are for the house only', async () => {
  const metrics = new URL('/metrics', api.url);
  expect(await (await fetch(metrics)).text()).toContain('yike_http_request_seconds');
  expect((await fetch(metrics, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404);
});

it('while the database refuses it says when to come again, and is well afterwards', async () => {
  const [row] = await api.sql<{ name: string }>('SELECT current_database() AS name');
  const database = row?.name ?? '';
  const last = new Client({ connectionString: api.config.DATABASE_URL });
  await last.connect();
  await api.sql(`ALTER DATABASE ${database} CONNECTION LIMIT 0`);
  await last.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()`);
  await last.end();
  for (const url of ['/ready', '/api/lectures']) {
    const answer = await api.visitor().get(url);
    expect(answer).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('2');
  }
  expect((await api.visitor().get('/health')).status).toBe(200);
  await api.sql(`ALTER DATABASE ${database} CONNECTION LIMIT -1`);
  // A connection that was cut may still be found in the pool, once.
  await expect.poll(async () => (await api.visitor().get('/ready')).status).toBe(200);
});
