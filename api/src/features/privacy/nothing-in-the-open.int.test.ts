import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { CONSENT_VERSIONS } from '@yike/contracts/http/registration';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePorts } from '../../../../scripts/host/ports.ts';
import { backup } from '../../backup/backup.ts';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { Visitor } from '../../testing/visitor.ts';
import { codeFor, filledIn, newNumber, newPhone, proofOf } from '../registration/testing/register.ts';

const RESIDENTS = 5;

/** Shares its database and storage with a built API, which talks as much as it can. */
let api: ApiUnderTest;
let talker: ChildProcess;
let log = '';
const folder = mkdtempSync(path.join(tmpdir(), 'yike-open-'));
/** Phones, ID numbers and guesses of them that were sent to the API. */
const secrets = new Set<string>();

beforeAll(async () => {
  const own = await startApi({ YIKE_DEMO: 'true' });
  const [port = 0] = await freePorts(1);
  talker = spawn(process.execPath, [fileURLToPath(new URL('../../../dist/main.js', import.meta.url))], {
    env: { ...asEnvironment(own.config), PORT: String(port), LOG_LEVEL: 'trace' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [talker.stdout, talker.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status, log).toBe(200), 30_000);
  api = { ...own, url, visitor: () => new Visitor(url) };
  for (let n = 0; n < RESIDENTS; n += 1) await comeAndGo();
  await misbehave();
});
afterAll(async () => {
  if (talker.exitCode === null && talker.kill()) await once(talker, 'exit');
  await api.close();
  rmSync(folder, { recursive: true });
});

const asEnvironment = (config: object): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]));

function secret(value: string): string {
  secrets.add(value);
  return value;
}

/** A resident registers, looks at what is known of them, takes it along, and every other one leaves. */
async function comeAndGo(): Promise<void> {
  const phone = secret(newPhone());
  const number = secret(newNumber());
  const visitor = api.visitor();
  const more = { document: { type: 'mainland-id', number }, displayName: `王阿姨 ${phone}`.slice(0, 20) };
  const { status } = await visitor.post(
    '/api/registration',
    await filledIn(api, await proofOf(api, phone), more),
  );
  expect(status).toBe(200);
  const shown = await visitor.get('/api/me/data');
  expect(JSON.stringify(shown.body)).not.toMatch(new RegExp(`${phone}|${number}`));
  await visitor.post('/api/session/step-up/code');
  const wrong = await visitor.post('/api/session/step-up', { code: '000000' });
  expect(wrong.status).toBe(422);
}

/** What people and machines send to places where it does not belong. */
async function misbehave(): Promise<void> {
  const [phone, number] = [secret(newPhone()), secret(newNumber())];
  const visitor = api.visitor();
  const consents = Object.entries(CONSENT_VERSIONS).map(([text, version]) => ({ text, version }));
  await visitor.get(`/api/courses/${phone}`);
  await visitor.get(`/api/none/${number}?phone=${phone}`);
  await visitor.get(`/api/organisations/communities?q=${number}`);
  await visitor.get(`/playback/${phone}/index.m3u8`);
  await visitor.get(`/api/certificates/${number}`);
  await visitor.signIn(phone, number);
  await visitor.send('POST', '/api/codes', `{"phone": "${phone}", broken`);
  await visitor.post('/api/codes', { phone: `${phone}9`, purpose: 'enter' });
  await visitor.post('/api/codes', { phone, purpose: phone });
  await visitor.post('/api/session/by-code', { phone, code: '123456' });
  await visitor.post('/api/registration', { phoneProof: phone, realName: number, consents });
  await visitor.send('GET', '/api/me', undefined, { 'x-request-id': phone, 'user-agent': number });
  const taken = [...secrets][1] ?? '';
  const document = { type: 'mainland-id', number: taken };
  const again = await filledIn(api, await proofOf(api, secret(newPhone())), { document });
  expect(await api.visitor().refusal('POST', '/api/registration', again)).toBe('document-taken');
  await codeFor(api, secret(newPhone()));
}

/** As it is, as the hexadecimal digits of a `bytea`, and in base64. */
function writingsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  return [value, bytes.toString('hex'), bytes.toString('base64').slice(0, -3)];
}

function found(where: string): string[] {
  return [...secrets].filter((value) => writingsOf(value).some((writing) => where.includes(writing)));
}

describe('phones and ID numbers are nowhere in the open', () => {
  it('there are some', () => expect(secrets.size).toBeGreaterThan(2 * RESIDENTS));

  it('not in the database', async () => {
    await backup(api.ownerUrl, api.store, path.join(folder, 'dump'));
    const tables = path.join(folder, 'dump', 'tables');
    const dump = readdirSync(tables).map((file) =>
      gunzipSync(readFileSync(path.join(tables, file))).toString(),
    );
    expect(dump.join('')).toContain('王秀兰');
    expect(found(dump.join('\n'))).toEqual([]);
  });

  it('not in the log', () => {
    expect(log.split('\n').length).toBeGreaterThan(RESIDENTS);
    expect(log).toMatch(/137\*{4}\d{4}/);
    expect(found(log)).toEqual([]);
  });

  it('not in the names in object storage', async () => {
    const keys: string[] = [];
    for await (const { key } of api.store.list('')) keys.push(key);
    expect(found(keys.join('\n'))).toEqual([]);
  });
});
