import { checkCertificate } from '@yike/contracts/http/certificates';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';

const PROXY = '172.30.80.2';
/** Of the certificates' check, by address. */
const CHECKS_PER_MINUTE = 60;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ TRUSTED_PROXIES: `${PROXY}, 10.7.0.0/16` });
});
afterAll(() => api.close());

it.each([
  { from: PROXY, isBelieved: true },
  { from: '10.7.3.4', isBelieved: true },
  { from: '127.0.0.1', isBelieved: true },
  { from: '172.30.80.3', isBelieved: false },
  { from: '10.8.0.1', isBelieved: false },
  { from: '203.0.113.9', isBelieved: false },
])('what $from says of the visitor is believed: $isBelieved', async ({ from: remoteAddress, isBelieved }) => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7', host: 'yike.example' };
  const { headers: answer } = await api.app.inject({ url: '/api/me', remoteAddress, headers });
  expect(answer['strict-transport-security'] !== undefined).toBe(isBelieved);
});

it.each([
  { from: PROXY, next: 200 },
  { from: '203.0.113.9', next: 429 },
])('limits behind $from: the next visitor’s answer is $next', async ({ from: remoteAddress, next }) => {
  const path = checkCertificate.path.replace(':number', 'YK-0000-0000');
  const check = async (visitor: string): Promise<number> =>
    (await api.app.inject({ url: path, headers: { 'x-forwarded-for': visitor }, remoteAddress })).statusCode;
  for (let n = 0; n < CHECKS_PER_MINUTE; n += 1) expect(await check('198.51.100.8')).toBe(200);
  expect(await check('198.51.100.8')).toBe(429);
  // Whom a proxy speaks for next is another one; whoever speaks for themselves stays who they are.
  expect(await check('198.51.100.9')).toBe(next);
});
