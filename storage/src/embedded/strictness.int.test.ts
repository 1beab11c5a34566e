import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMinioStore } from '../minio-store.ts';
import type { ObjectStore } from '../object-store.ts';
import { type RawRequest, sendRaw, sendSigned, signRequest } from '../testing/signed-http.ts';
import { embeddedTarget, type StorageTarget } from '../testing/target.ts';

/** What the embedded server does and MinIO may do otherwise. */
describe('the embedded server', () => {
  let target: StorageTarget;
  let store: ObjectStore;

  beforeAll(async () => {
    target = await embeddedTarget();
    store = createMinioStore({ ...target, bucket: 'yike' });
    await store.ensureBucket();
  });
  afterAll(async () => {
    store.close();
    await target.close();
  });

  const write = (rawKey: string, body: string) =>
    sendSigned(target, { method: 'PUT', target: `/yike/${rawKey}`, body });
  const read = async (rawKey: string) =>
    (await sendSigned(target, { method: 'GET', target: `/yike/${rawKey}` })).body;
  const keys = async (prefix: string) => {
    const query = `list-type=2&encoding-type=url&prefix=${encodeURIComponent(prefix)}`;
    const { body } = await sendSigned(target, { method: 'GET', target: `/yike?${query}` });
    return [...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => decodeURIComponent(key));
  };

  it('keeps objects beside and below one another, in order', async () => {
    const names = ['n/x', 'n/x.y', 'n/x/', 'n/x//', 'n/x/y', 'n/x0'];
    for (const name of [...names].reverse()) await write(name, name);
    expect(await keys('n/')).toEqual(names);
    for (const name of names) expect(await read(name)).toBe(name);
  });

  it('keeps long names that are equal for a long time, in order', async () => {
    const long = `l/${'课'.repeat(330)}`;
    const names = [`${long}/a`, `${long}0`, `${long}a`, `${long}ab`];
    const all = [long, `${long}.`, ...names];
    for (const name of [...all].reverse()) await write(encodeURIComponent(name), name.slice(-3));
    expect(await keys('l/')).toEqual(all);
    expect(await keys(`${long}a`)).toEqual([`${long}a`, `${long}ab`]);
    for (const name of all) expect(await read(encodeURIComponent(name))).toBe(name.slice(-3));
    expect((await write(encodeURIComponent('课'.repeat(342)), 'x')).status).toBe(400);
  });

  it.each(['%2Fleading', '%0a%0d%1b', '%F0%9F%98%80', 'a%3Cb%3E%26%22'])(
    'keeps the key %s',
    async (rawKey) => {
      expect((await write(rawKey, 'kept')).status).toBe(200);
      expect(await read(rawKey)).toBe('kept');
      expect(await keys(decodeURIComponent(rawKey))).toEqual([decodeURIComponent(rawKey)]);
    },
  );

  it('refuses a header that was slipped in after signing', async () => {
    await store.put('secret', Buffer.from('secret'));
    const { request } = signRequest(target, { method: 'PUT', target: '/yike/slipped', body: '' });
    const headers = { ...request.headers, 'x-amz-copy-source': '/yike/secret' };
    const answer = await sendRaw(target.endpoint, { ...request, headers });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('<Code>AccessDenied</Code>');
  });

  it.each<RawRequest & { status: number; code: string }>([
    { method: 'GET', target: '/yike?policy=', status: 501, code: 'NotImplemented' },
    { method: 'PUT', target: '/yike?cors=', status: 501, code: 'NotImplemented' },
    { method: 'GET', target: '/yike/secret?versionId=1', status: 501, code: 'NotImplemented' },
    { method: 'PATCH', target: '/yike/x', status: 405, code: 'MethodNotAllowed' },
    { method: 'POST', target: '/', status: 405, code: 'MethodNotAllowed' },
    { method: 'GET', target: '/yike?list-type=2&max-keys=-1', status: 400, code: 'InvalidArgument' },
    { method: 'GET', target: '/yike?list-type=2&continuation-token=x', status: 400, code: 'InvalidArgument' },
    { method: 'GET', target: '/yike?encoding-type=rot13', status: 400, code: 'InvalidArgument' },
    { method: 'POST', target: '/yike?delete=', body: '<Delete/>', status: 400, code: 'MalformedXML' },
    { method: 'PUT', target: '/yike/x?uploadId=..%2F..&partNumber=1', status: 404, code: 'NoSuchUpload' },
    { method: 'PUT', target: '/missing/x', body: 'x', status: 404, code: 'NoSuchBucket' },
    { method: 'DELETE', target: '/missing', status: 404, code: 'NoSuchBucket' },
  ])('answers $method $target with $code', async ({ status, code, ...request }) => {
    const answer = await sendSigned(target, request);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
    expect(answer.status).toBe(status);
  });

  it('gives pages that run scripts no rights, and never guesses a type', async () => {
    await store.put('page.html', Buffer.from('<script>'), { contentType: 'text/html' });
    const { headers } = await fetch(store.presignGet('page.html', { expiresInSeconds: 60 }));
    expect(headers.get('content-security-policy')).toBe('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
