import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { CopyDestinationOptions, CopySourceOptions } from 'minio';
import { expect, it } from 'vitest';
import type { ContractContext } from './contract.ts';

const MEBIBYTE = 1024 * 1024;
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

export function minioContract(current: () => ContractContext): void {
  it('makes, finds, lists and removes a bucket', async () => {
    const { minio } = current();
    const name = `yike-contract-${randomUUID()}`;
    expect(await minio.bucketExists(name)).toBe(false);
    await minio.makeBucket(name);
    await expect(minio.makeBucket(name)).rejects.toMatchObject({ code: 'BucketAlreadyOwnedByYou' });
    expect(await minio.bucketExists(name)).toBe(true);
    expect((await minio.listBuckets()).map((bucket) => bucket.name)).toContain(name);
    await minio.putObject(name, 'x', 'x');
    await expect(minio.removeBucket(name)).rejects.toMatchObject({ code: 'BucketNotEmpty' });
    await minio.removeObject(name, 'x');
    await minio.removeBucket(name);
    expect(await minio.bucketExists(name)).toBe(false);
  });

  it('keeps metadata', async () => {
    const { minio, bucket } = current();
    const given = { 'Content-Type': 'text/vtt', 'Cache-Control': 'no-cache', 'X-Amz-Meta-Lecture': '42' };
    const { etag } = await minio.putObject(bucket, 'minio/meta', 'WEBVTT', undefined, given);
    const { size, metaData, etag: found } = await minio.statObject(bucket, 'minio/meta');
    expect({ size, found }).toEqual({ size: 6, found: etag });
    expect(metaData).toMatchObject({
      'content-type': 'text/vtt',
      'cache-control': 'no-cache',
      lecture: '42',
    });
  });

  it('uploads 20 MB in parts', async () => {
    const { minio, bucket } = current();
    const bytes = randomBytes(20_000_000);
    minio.partSize = 5 * MEBIBYTE;
    await minio.putObject(bucket, 'minio/large', Readable.from([bytes]), bytes.length);
    expect(md5(await buffer(await minio.getObject(bucket, 'minio/large')))).toBe(md5(bytes));
  });

  it('reads a part of an object', async () => {
    const { minio, bucket } = current();
    await minio.putObject(bucket, 'minio/partial', '0123456789');
    expect(await text(await minio.getPartialObject(bucket, 'minio/partial', 3, 4))).toBe('3456');
    expect(await text(await minio.getPartialObject(bucket, 'minio/partial', 8))).toBe('89');
  });

  it('lists folders and objects, in both versions', async () => {
    const { minio, bucket } = current();
    for (const name of ['1/a', '1/b', '2/c', 'd', '讲 座/e'])
      await minio.putObject(bucket, `minio/list/${name}`, name);
    const found = [
      await minio.listObjectsV2(bucket, 'minio/list/', false).toArray(),
      await minio.listObjects(bucket, 'minio/list/', false).toArray(),
    ] as { name?: string; prefix?: string }[][];
    for (const entries of found) {
      expect(
        entries.map(({ name, prefix }) => (name ?? prefix ?? '').slice('minio/list/'.length)).sort(),
      ).toEqual(['1/', '2/', 'd', '讲 座/']);
    }
    expect(await minio.listObjectsV2(bucket, 'minio/list/', true).toArray()).toHaveLength(5);
  });

  it('removes many', async () => {
    const { minio, bucket } = current();
    const keys = Array.from({ length: 30 }, (_, index) => `minio/bulk/${index}`);
    await Promise.all(keys.map((key) => minio.putObject(bucket, key, key)));
    await minio.removeObjects(bucket, keys);
    expect(await minio.listObjectsV2(bucket, 'minio/bulk/', true).toArray()).toEqual([]);
  });

  it('copies, and composes of parts', async () => {
    const { minio, bucket } = current();
    const half = randomBytes(5 * MEBIBYTE);
    await minio.putObject(bucket, 'minio/half', half);
    await minio.copyObject(bucket, 'minio/half-copy', `/${bucket}/minio/half`);
    const sources = ['minio/half', 'minio/half-copy'].map(
      (key) => new CopySourceOptions({ Bucket: bucket, Object: key }),
    );
    await minio.composeObject(new CopyDestinationOptions({ Bucket: bucket, Object: 'minio/whole' }), sources);
    const whole = await buffer(await minio.getObject(bucket, 'minio/whole'));
    expect(md5(whole)).toBe(md5(Buffer.concat([half, half])));
  });

  it('presigns GET and PUT', async () => {
    const { minio, bucket } = current();
    const put = await fetch(await minio.presignedPutObject(bucket, 'minio/presigned', 60), {
      method: 'PUT',
      body: 'by URL',
    });
    expect(put.status).toBe(200);
    const url = await minio.presignedGetObject(bucket, 'minio/presigned', 60, {
      'response-content-type': 'text/plain',
      'response-content-disposition': 'attachment; filename="x.txt"',
    });
    const got = await fetch(url);
    expect(await got.text()).toBe('by URL');
    expect(got.headers.get('content-type')).toBe('text/plain');
    expect(got.headers.get('content-disposition')).toBe('attachment; filename="x.txt"');
  });

  it('finds and removes an unfinished upload', async () => {
    const { minio, bucket } = current();
    await minio.initiateNewMultipartUpload(bucket, 'minio/unfinished', {});
    const unfinished = await minio.listIncompleteUploads(bucket, 'minio/unfinished', true).toArray();
    expect(unfinished).toMatchObject([{ key: 'minio/unfinished' }]);
    await minio.removeIncompleteUpload(bucket, 'minio/unfinished');
    expect(await minio.listIncompleteUploads(bucket, 'minio/unfinished', true).toArray()).toEqual([]);
    await expect(minio.statObject(bucket, 'minio/unfinished')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('says the S3 codes', async () => {
    const { minio, bucket } = current();
    await expect(minio.getObject(bucket, 'minio/missing')).rejects.toMatchObject({ code: 'NoSuchKey' });
    await minio.putObject(bucket, 'minio/taken', 'x');
    const again = minio.putObject(bucket, 'minio/taken', 'y', undefined, { 'If-None-Match': '*' });
    await expect(again).rejects.toMatchObject({ code: 'PreconditionFailed' });
    const missing = minio.putObject('yike-contract-missing', 'x', 'x');
    await expect(missing).rejects.toMatchObject({ code: 'NoSuchBucket' });
  });
}
