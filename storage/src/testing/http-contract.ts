import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { EMPTY_SHA256, sha256Hex, sign } from '../sigv4.ts';
import type { ContractContext } from './contract.ts';
import { sendRaw, sendSigned, signRequest } from './signed-http.ts';

const HOUR_MS = 3_600_000;

export function httpContract(current: () => ContractContext): void {
  const readable = async (key: string, content = 'content'): Promise<string> => {
    const { store } = current();
    await store.put(key, Buffer.from(content));
    return store.presignGet(key, { expiresInSeconds: 60 });
  };
  const code = (document: string) => /<Code>(\w+)<\/Code>/.exec(document)?.[1];
  const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;

  it('refuses what is not signed', async () => {
    const { target, bucket } = current();
    const answer = await sendRaw(target.endpoint, { method: 'GET', target: `/${bucket}/http/x` });
    expect([answer.status, code(answer.body)]).toEqual([403, 'AccessDenied']);
  });

  it('refuses a wrong secret, a wrong access key, a wrong clock', async () => {
    const { target, bucket } = current();
    const request = { method: 'GET', target: `/${bucket}?list-type=2` };
    const attempts = [
      await sendSigned(target, request, { secretKey: 'wrong' }),
      await sendSigned({ ...target, accessKey: 'wrong' }, request),
      await sendSigned(target, request, { atMs: Date.now() - HOUR_MS }),
      await sendSigned(target, request, { atMs: Date.now() + HOUR_MS }),
    ];
    expect(attempts.map(({ status, body }) => [status, code(body)])).toEqual([
      [403, 'SignatureDoesNotMatch'],
      [403, 'InvalidAccessKeyId'],
      [403, 'RequestTimeTooSkewed'],
      [403, 'RequestTimeTooSkewed'],
    ]);
    expect((await sendSigned(target, request)).status).toBe(200);
  });

  it('refuses a body other than the signed one', async () => {
    const { target, bucket } = current();
    const request = { method: 'PUT', target: `/${bucket}/http/other-body`, body: 'other' };
    const answer = await sendSigned(target, request, { payloadHash: sha256Hex('signed') });
    expect([answer.status, code(answer.body)]).toEqual([400, 'XAmzContentSHA256Mismatch']);
  });

  it('refuses a presigned URL that was changed', async () => {
    const url = await readable('http/tampered');
    await readable('http/other');
    expect(await statusOf(url)).toBe(200);
    const changed = [
      url.replace('/http/tampered', '/http/other'),
      url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'),
      url.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      `${url}&response-content-type=text/html`,
      url.replace('X-Amz-SignedHeaders=host', 'X-Amz-SignedHeaders='),
      url.replace(/X-Amz-Signature=\w+/, 'X-Amz-Signature='),
    ];
    for (const attempt of changed) expect([400, 403]).toContain(await statusOf(attempt));
    expect(await statusOf(url, { method: 'PUT', body: 'x' })).toBe(403);
    expect(await statusOf(url, { method: 'DELETE' })).toBe(403);
  });

  it('refuses a presigned URL for another host', async () => {
    const { store, target } = current();
    await readable('http/host');
    const publicUrl = 'http://media.example:8080';
    const url = new URL(store.presignGet('http/host', { expiresInSeconds: 60, publicUrl }));
    const request = { method: 'GET', target: url.pathname + url.search };
    expect((await sendRaw(target.endpoint, request)).status).toBe(403);
    const asSigned = await sendRaw(target.endpoint, { ...request, headers: { host: 'media.example:8080' } });
    expect([asSigned.status, asSigned.body]).toEqual([200, 'content']);
  });

  it('refuses a presigned URL that expired, is not valid yet, or lives too long', async () => {
    const { minio, bucket } = current();
    await readable('http/expired');
    const urlAt = (atMs: number, seconds: number) =>
      minio.presignedGetObject(bucket, 'http/expired', seconds, {}, new Date(atMs));
    expect(await statusOf(await urlAt(Date.now() - 61_000, 60))).toBe(403);
    expect(await statusOf(await urlAt(Date.now() + HOUR_MS, 60))).toBe(403);
    expect(await statusOf(await urlAt(Date.now() - HOUR_MS, 2 * 3600))).toBe(200);
    const url = await urlAt(Date.now(), 604_800);
    expect(
      await statusOf(url.replace('X-Amz-Expires=604800', 'X-Amz-Expires=604801')),
    ).toBeGreaterThanOrEqual(400);
  });

  it('lets browsers of any origin read, the origin null too', async () => {
    const { target } = current();
    const url = await readable('http/cors');
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: 'null',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'range',
      },
    });
    expect(preflight.ok).toBe(true);
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toMatch(/range|\*/);
    for (const origin of ['null', 'https://portal.example']) {
      const { headers } = await fetch(url, { headers: { origin, range: 'bytes=0-1' } });
      // MinIO repeats the origin for "*"
      expect(['*', origin]).toContain(headers.get('access-control-allow-origin'));
      expect(headers.get('access-control-expose-headers')).toMatch(/etag|\*/i);
    }
    const refused = await fetch(`${target.endpoint}/nothing/here`, { headers: { origin: 'null' } });
    expect(['*', 'null']).toContain(refused.headers.get('access-control-allow-origin'));
  });

  it.each([
    { range: 'bytes=0-0', status: 206, body: '0' },
    { range: 'bytes=5-', status: 206, body: '56789' },
    { range: 'bytes=-2', status: 206, body: '89' },
    { range: 'bytes=-1000', status: 206, body: '0123456789' },
    { range: 'bytes=3-99999999999999999999', status: 206, body: '3456789' },
    { range: 'bytes=10-', status: 416 },
    { range: 'bytes=99999999999999999999-', status: 416 },
    { range: 'bytes=-0', status: 416 },
    { range: 'lines=0-1', status: 200, body: '0123456789' },
  ])('answers the range "$range" with $status', async ({ range, status, body }) => {
    const url = await readable('http/range', '0123456789');
    const response = await fetch(url, { headers: { range } });
    expect(response.status).toBe(status);
    if (body !== undefined) expect(await response.text()).toBe(body);
    if (status === 416) expect(response.headers.get('content-range') ?? 'bytes */10').toBe('bytes */10');
  });

  it.each(['bytes=5-2', 'bytes=a-b', 'bytes=--1', 'bytes='])(
    'does not stumble over the range "%s"',
    async (range) => {
      const response = await fetch(await readable('http/range', '0123456789'), { headers: { range } });
      // A malformed range is to be ignored (RFC 9110); some servers refuse it
      if (response.status !== 416)
        expect([response.status, await response.text()]).toEqual([200, '0123456789']);
    },
  );

  it.each([
    '..%2f..%2f..%2fetc%2fpasswd',
    '../../etc/passwd',
    '%2e%2e/%2e%2e/x',
    '..',
    './x',
    'a/./../b',
    'a%5C..%5Cb',
  ])('treats %s as a key or refuses it, and never as a path', async (rawKey) => {
    const { target, bucket } = current();
    const name = `/${bucket}/${rawKey}`;
    const put = await sendSigned(target, { method: 'PUT', target: name, body: 'contained' });
    if (put.status !== 200) {
      expect(put.status).toBe(400);
      return;
    }
    expect((await sendSigned(target, { method: 'GET', target: name })).body).toBe('contained');
    const listing = await sendSigned(target, { method: 'GET', target: `/${bucket}?list-type=2` });
    expect(listing.body).toContain(`<Key>${decodeURIComponent(rawKey)}</Key>`);
    expect((await sendSigned(target, { method: 'DELETE', target: name })).status).toBe(204);
  });

  it.each(['%00', 'a%00b', '%zz', '%c0%ae', 'x'.repeat(1025)])('refuses the key %s', async (rawKey) => {
    const { target, bucket } = current();
    const { request } = signRequest(target, { method: 'PUT', target: `/${bucket}/safe`, body: 'x' });
    const answer = await sendRaw(target.endpoint, { ...request, target: `/${bucket}/${rawKey}` });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect((await sendSigned(target, { method: 'HEAD', target: `/${bucket}/safe` })).status).toBe(404);
  });

  it('reads an aws-chunked body signed chunk by chunk, and refuses one wrong chunk', async () => {
    const { target, bucket, store } = current();
    const chunks = ['a'.repeat(9000), 'b'.repeat(77), ''];
    const write = (key: string, damage: (body: string) => string) => {
      const headers = {
        'x-amz-decoded-content-length': '9077',
        'content-encoding': 'aws-chunked',
        'x-amz-checksum-sha256': createHash('sha256').update(chunks.join('')).digest('base64'),
      };
      const unsigned = { method: 'PUT', target: `/${bucket}/${key}`, headers };
      const payloadHash = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
      const { request, chain } = signRequest(target, unsigned, { payloadHash });
      let previous = chain.seed;
      const body = chunks.map((chunk) => {
        const hashes = [previous, EMPTY_SHA256, sha256Hex(chunk)];
        const text = ['AWS4-HMAC-SHA256-PAYLOAD', chain.date, chain.scope, ...hashes].join('\n');
        previous = sign(chain.key, text);
        return `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}\r\n`;
      });
      return sendRaw(target.endpoint, { ...request, body: damage(body.join('')) });
    };
    expect((await write('http/chunked', (body) => body)).status).toBe(200);
    expect((await store.getBuffer('http/chunked')).toString()).toBe(chunks.join(''));
    const damaged = await write('http/damaged', (body) => body.replace('bbb', 'bxb'));
    expect([damaged.status, code(damaged.body)]).toEqual([403, 'SignatureDoesNotMatch']);
    const missing = await sendSigned(target, { method: 'HEAD', target: `/${bucket}/http/damaged` });
    expect(missing.status).toBe(404);
  });

  it('answers an early refusal although a long body is still coming', async () => {
    const { target, bucket, store } = current();
    await store.put('http/taken', Buffer.from('x'));
    const body = Buffer.alloc(20_000_000);
    const headers = { 'if-none-match': '*', 'content-length': String(body.length) };
    const answer = await sendSigned(target, {
      method: 'PUT',
      target: `/${bucket}/http/taken`,
      headers,
      body,
    });
    expect([answer.status, code(answer.body)]).toEqual([412, 'PreconditionFailed']);
  });

  it('says NotImplemented for what it does not do, instead of doing something else', async () => {
    const { target, bucket } = current();
    const answer = await sendSigned(target, {
      method: 'PUT',
      target: `/${bucket}/http/x?torrent=`,
      body: 'x',
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await sendSigned(target, { method: 'HEAD', target: `/${bucket}/http/x` })).status).toBe(404);
  });
}
