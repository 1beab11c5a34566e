import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import {
  AccessDenied,
  BucketMissing,
  ChecksumMismatch,
  InvalidKey,
  InvalidRange,
  NotFound,
  PreconditionFailed,
} from '../errors.ts';
import { createMinioStore } from '../minio-store.ts';
import { sha256Hex } from '../sigv4.ts';
import { writeOnce } from '../write-once.ts';
import type { ContractContext } from './contract.ts';

const MEBIBYTE = 1024 * 1024;
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

export function portContract(current: () => ContractContext): void {
  it('gives back bytes, type, cache rule and checksum', async () => {
    const { store } = current();
    const bytes = Buffer.from('one lesson 一课');
    const options = { contentType: 'video/mp4', cacheControl: 'max-age=60' };
    const stored = await store.put('port/simple', bytes, options);
    const { body, ...content } = await store.get('port/simple');
    expect(await buffer(body)).toEqual(bytes);
    expect(content).toMatchObject({
      ...options,
      etag: md5(bytes),
      sha256: sha256Hex(bytes),
      bytes: bytes.length,
      bodyBytes: bytes.length,
    });
    expect(stored).toEqual({ key: 'port/simple', etag: md5(bytes) });
    expect(await store.head('port/simple')).toMatchObject({ ...options, sha256: sha256Hex(bytes) });
    expect(Math.abs((await store.head('port/simple')).lastModified.getTime() - Date.now())).toBeLessThan(
      60_000,
    );
  });

  it('stores an empty object', async () => {
    const { store } = current();
    await store.put('port/empty', Buffer.alloc(0));
    expect(await store.getBuffer('port/empty')).toHaveLength(0);
    expect((await store.head('port/empty')).bytes).toBe(0);
  });

  it('replaces an object', async () => {
    const { store } = current();
    await store.put('port/replaced', Buffer.from('first, longer'));
    await store.put('port/replaced', Buffer.from('second'));
    expect((await store.getBuffer('port/replaced')).toString()).toBe('second');
  });

  it('refuses to replace with ifNoneMatch', async () => {
    const { store } = current();
    await store.put('port/once', Buffer.from('first'), { ifNoneMatch: '*' });
    const second = store.put('port/once', randomBytes(2 * MEBIBYTE), { ifNoneMatch: '*' });
    await expect(second).rejects.toBeInstanceOf(PreconditionFailed);
    expect((await store.getBuffer('port/once')).toString()).toBe('first');
  });

  it('lets exactly one of 20 parallel writers with ifNoneMatch win', async () => {
    const { store } = current();
    const bodies = Array.from({ length: 20 }, (_, index) => Buffer.alloc(100_000, index));
    const outcomes = await Promise.allSettled(
      bodies.map((body) => store.put('port/race', body, { ifNoneMatch: '*' })),
    );
    const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    expect(await store.getBuffer('port/race')).toEqual(bodies[winners[0] ?? -1]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(PreconditionFailed);
    }
  });

  it('keeps one whole body of 20 parallel writers of one key', async () => {
    const { store } = current();
    const bodies = Array.from({ length: 20 }, (_, index) => Buffer.alloc(200_000 + index, index));
    await Promise.all(bodies.map((body) => store.put('port/last-wins', body)));
    const kept = await store.getBuffer('port/last-wins');
    expect(bodies.some((body) => body.equals(kept))).toBe(true);
  });

  it('takes 20 parallel writers of different keys', async () => {
    const { store } = current();
    const bodies = Array.from({ length: 20 }, () => randomBytes(150_000));
    await Promise.all(bodies.map((body, index) => store.put(`port/parallel/${index}`, body)));
    const kept = await Promise.all(bodies.map((_, index) => store.getBuffer(`port/parallel/${index}`)));
    expect(kept.map(md5)).toEqual(bodies.map(md5));
  });

  it('refuses bytes that do not have their checksum, and stores nothing', async () => {
    const { store } = current();
    const put = store.put('port/damaged', Buffer.from('sent'), { sha256: sha256Hex('meant') });
    await expect(put).rejects.toBeInstanceOf(ChecksumMismatch);
    await expect(store.head('port/damaged')).rejects.toBeInstanceOf(NotFound);
  });

  it('streams 20 MB in parts and back', async () => {
    const { store } = current();
    const pieces = Array.from({ length: 20 }, () => randomBytes(1_000_000));
    const options = { contentType: 'video/mp4', ifNoneMatch: '*' } as const;
    const { etag } = await store.putStream('port/streamed', Readable.from(pieces), options);
    expect(etag).toMatch(/^[0-9a-f]{32}-3$/);
    const { body, contentType } = await store.get('port/streamed');
    expect(md5(await buffer(body))).toBe(md5(Buffer.concat(pieces)));
    expect(contentType).toBe('video/mp4');
    const again = store.putStream('port/streamed', Readable.from([Buffer.alloc(9 * MEBIBYTE)]), options);
    await expect(again).rejects.toBeInstanceOf(PreconditionFailed);
  });

  it.each([
    { name: 'nothing', pieces: [] },
    { name: 'one short piece', pieces: [Buffer.from('short')] },
    { name: 'exactly one part', pieces: [Buffer.alloc(8 * MEBIBYTE, 1)] },
  ])('streams $name', async ({ pieces }) => {
    const { store } = current();
    await store.putStream('port/streamed-short', Readable.from(pieces));
    expect(md5(await store.getBuffer('port/streamed-short'))).toBe(md5(Buffer.concat(pieces)));
  });

  it('leaves nothing of a stream that fails', async () => {
    const { store, minio, bucket } = current();
    const failing = Readable.from(
      (function* () {
        yield Buffer.alloc(17 * MEBIBYTE);
        throw new Error('the source failed');
      })(),
    );
    await expect(store.putStream('port/failing', failing)).rejects.toThrow('the source failed');
    await expect(store.head('port/failing')).rejects.toBeInstanceOf(NotFound);
    expect(await minio.listIncompleteUploads(bucket, 'port/failing', true).toArray()).toEqual([]);
  });

  it.each([
    { range: { start: 0, end: 0 }, expected: '0' },
    { range: { start: 2, end: 4 }, expected: '234' },
    { range: { start: 7 }, expected: '789' },
    { range: { start: 8, end: 1000 }, expected: '89' },
  ])('reads the range $range', async ({ range, expected }) => {
    const { store } = current();
    await store.put('port/ranged', Buffer.from('0123456789'));
    const content = await store.get('port/ranged', { range });
    expect((await buffer(content.body)).toString()).toBe(expected);
    expect(content).toMatchObject({ bytes: 10, bodyBytes: expected.length });
  });

  it('refuses a range beyond the end', async () => {
    const { store } = current();
    await store.put('port/ranged', Buffer.from('0123456789'));
    await expect(store.get('port/ranged', { range: { start: 10 } })).rejects.toBeInstanceOf(InvalidRange);
  });

  it('says NotFound, and deletes what is not there without a word', async () => {
    const { store } = current();
    await expect(store.get('port/missing')).rejects.toBeInstanceOf(NotFound);
    await expect(store.getBuffer('port/missing')).rejects.toBeInstanceOf(NotFound);
    await expect(store.copy('port/missing', 'port/elsewhere')).rejects.toBeInstanceOf(NotFound);
    await store.delete('port/missing');
  });

  it('lists in the order of UTF-8 bytes', async () => {
    const { store } = current();
    const inOrder = ['a.b', 'a/b', 'a0', 'aa', 'é', '讲座/1', '\u{ffee}', '\u{1f600}'];
    for (const name of [...inOrder].reverse()) await store.put(`port/order/${name}`, Buffer.from(name));
    const keys: string[] = [];
    for await (const { key, bytes } of store.list('port/order/')) {
      keys.push(key.slice('port/order/'.length));
      expect(bytes).toBeGreaterThan(0);
    }
    expect(keys).toEqual(inOrder);
  });

  it('keeps keys apart that differ in case, form or numbers', async () => {
    const { store } = current();
    const keys = [
      'A',
      'a',
      '007',
      '7',
      'e\u0301',
      '\u00e9',
      'x+y',
      'x y',
      'x%20y',
      `${'long'.repeat(50)}.m4s`,
    ].map((name) => `port/apart/${name}`);
    for (const key of keys) await store.put(key, Buffer.from(key));
    for (const key of keys) expect((await store.getBuffer(key)).toString()).toBe(key);
    const listed: string[] = [];
    for await (const { key } of store.list('port/apart/')) listed.push(key);
    expect(new Set(listed)).toEqual(new Set(keys));
  });

  it('deletes many at once', async () => {
    const { store } = current();
    const keys = ['1', '2', '<3> & "4"'].map((name) => `port/many/${name}`);
    for (const key of keys) await store.put(key, Buffer.from('x'));
    await store.deleteMany([...keys, 'port/many/missing']);
    for await (const { key } of store.list('port/many/')) expect.unreachable(key);
  });

  it('copies with type and bytes', async () => {
    const { store } = current();
    await store.put('port/original 原', Buffer.from('copied'), { contentType: 'image/webp' });
    const { etag } = await store.copy('port/original 原', 'port/copy');
    expect(await store.head('port/copy')).toMatchObject({ etag, contentType: 'image/webp', bytes: 6 });
  });

  it('writes once, and takes its own earlier attempt for a success', async () => {
    const { store } = current();
    const first = await writeOnce(store, 'port/immutable', Buffer.from('mine'));
    expect(await writeOnce(store, 'port/immutable', Buffer.from('mine'))).toEqual(first);
    const other = writeOnce(store, 'port/immutable', Buffer.from('theirs'));
    await expect(other).rejects.toBeInstanceOf(PreconditionFailed);
  });

  it('presigns: readable, and equal within a window', async () => {
    const { store } = current();
    const key = 'port/presigned 讲座.m4s';
    await store.put(key, Buffer.from('presigned'), { contentType: 'video/iso.segment' });
    const options = { expiresInSeconds: 60, windowSeconds: 3600 };
    const url = store.presignGet(key, options);
    const response = await fetch(url);
    expect(await response.text()).toBe('presigned');
    expect(response.headers.get('content-type')).toBe('video/iso.segment');
    expect(store.presignGet(key, options)).toBe(url);
    // The end of an hour lies between the two at most once
    if (new Date().getMinutes() < 59) expect(new URL(url).searchParams.get('X-Amz-Date')).toMatch(/0000Z$/);
  });

  it.each(['', '/leading', 'a//b', 'a/../b', 'trailing/', 'line\nfeed', '\ud800', 'x'.repeat(1025)])(
    'refuses the key %j before anything is sent',
    async (key) => {
      const { store } = current();
      await expect(store.put(key, Buffer.from('x'))).rejects.toBeInstanceOf(InvalidKey);
      expect(() => store.presignGet(key, { expiresInSeconds: 60 })).toThrow(InvalidKey);
    },
  );

  it('says whose fault it is: wrong keys, missing bucket', async () => {
    const { target, bucket } = current();
    const stranger = createMinioStore({ ...target, bucket, secretKey: 'wrong-secret' });
    await expect(stranger.put('port/stranger', Buffer.from('x'))).rejects.toBeInstanceOf(AccessDenied);
    stranger.close();
    const homeless = createMinioStore({ ...target, bucket: 'yike-contract-missing' });
    const put = homeless.put('port/homeless', Buffer.from('x'));
    await expect(put).rejects.toBeInstanceOf(BucketMissing);
    await expect(put).rejects.toMatchObject({ blame: 'configuration', retryable: false });
    homeless.close();
  });

  it('ensures a bucket that is there, and answers a ping', async () => {
    const { store } = current();
    await store.ensureBucket();
    await store.ping();
  });
}
