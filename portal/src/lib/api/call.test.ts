import { describe, expect, it } from 'vitest';
import { signIn, signOut } from '@yike/contracts/http/accounts';
import { checkCertificate } from '@yike/contracts/http/certificates';
import { listCourses } from '@yike/contracts/http/library';
import { addressOf, ApiProblem, call } from './call.ts';

const answering =
  (status: number, content?: unknown): typeof fetch =>
  () =>
    Promise.resolve(new Response(content === undefined ? null : JSON.stringify(content), { status }));
const body = { username: 'resident', password: 'yike-demo' };
const me = {
  id: '01936f00-0000-7000-8000-000000000001',
  displayName: '李秀英',
  roles: ['resident'],
  grants: [],
  locale: 'zh-CN',
  elderMode: false,
};

describe('the address of an endpoint', () => {
  it('escapes parameters', () =>
    expect(addressOf(checkCertificate, { params: { number: 'a/b?c' } })).toBe('/api/certificates/a%2Fb%3Fc'));
  it('leaves out what is not asked', () =>
    expect(addressOf(listCourses, { query: { q: '', topic: 'health', cursor: undefined } })).toBe(
      '/api/courses?topic=health',
    ));
});

describe('a call', () => {
  it('gives the checked reply', async () => {
    await expect(call(signIn, { body }, answering(200, me))).resolves.toEqual(me);
  });
  it('gives nothing for 204', async () => {
    await expect(call(signOut, {}, answering(204))).resolves.toBeUndefined();
  });

  it.each([
    {
      name: 'a told problem',
      answer: answering(401, { code: 'wrong-credentials', status: 401, title: 'no' }),
      code: 'wrong-credentials',
    },
    { name: 'a proxy without a backend', answer: answering(502), code: 'service-unavailable' },
    { name: 'an unknown address', answer: answering(404), code: 'not-found' },
    { name: 'a reply outside the contract', answer: answering(200, { id: 7 }), code: 'internal' },
    {
      name: 'no network',
      answer: () => Promise.reject(new TypeError('fetch failed')),
      code: 'service-unavailable',
    },
  ])('throws $code for $name', async ({ answer, code }) => {
    const failed = call(signIn, { body }, answer);
    await expect(failed).rejects.toBeInstanceOf(ApiProblem);
    await expect(failed).rejects.toHaveProperty('code', code);
    await expect(failed).rejects.toHaveProperty('problem.requestId', expect.stringMatching(/^[0-9a-f]{32}$/));
  });

  it('keeps the id that the API says it had', async () => {
    const told = { code: 'internal', status: 500, title: 'no', requestId: 'of-the-proxy' };
    await expect(call(signIn, { body }, answering(500, told))).rejects.toHaveProperty(
      'problem.requestId',
      'of-the-proxy',
    );
  });
});
