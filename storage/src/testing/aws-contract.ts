import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ContractContext } from './contract.ts';

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

export function awsContract(current: () => ContractContext): void {
  const put = async (Key: string, Body: string | Buffer = Key) => {
    const { aws, bucket: Bucket } = current();
    return aws.send(new PutObjectCommand({ Bucket, Key, Body }));
  };
  const read = async (Key: string): Promise<Uint8Array> => {
    const { aws, bucket: Bucket } = current();
    const { Body } = await aws.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };

  it.each([
    ChecksumAlgorithm.CRC32,
    ChecksumAlgorithm.CRC32C,
    ChecksumAlgorithm.SHA1,
    ChecksumAlgorithm.SHA256,
  ])('puts a buffer with a %s checksum', async (ChecksumAlgorithm) => {
    const { aws, bucket: Bucket } = current();
    const Key = `aws/buffer-${ChecksumAlgorithm}`;
    const Body = randomBytes(100_001);
    await aws.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm }));
    expect(md5(await read(Key))).toBe(md5(Body));
  });

  it.each([ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.SHA256])(
    'puts an aws-chunked stream of 20 MB with a %s trailer',
    async (ChecksumAlgorithm) => {
      const { aws, bucket: Bucket } = current();
      const Key = `aws/stream-${ChecksumAlgorithm}`;
      const bytes = randomBytes(20_000_000);
      const pieces = [bytes.subarray(0, 7), bytes.subarray(7, 9_000_000), bytes.subarray(9_000_000)];
      const stream = Readable.from(pieces, { objectMode: false });
      const ContentLength = bytes.length;
      await aws.send(new PutObjectCommand({ Bucket, Key, Body: stream, ContentLength, ChecksumAlgorithm }));
      expect(md5(await read(Key))).toBe(md5(bytes));
      const { ContentEncoding } = await aws.send(new HeadObjectCommand({ Bucket, Key }));
      expect(ContentEncoding ?? '').not.toContain('aws-chunked');
    },
  );

  it.each([
    { name: 'SHA-256', input: { ChecksumSHA256: Buffer.alloc(32).toString('base64') } },
    { name: 'CRC-32', input: { ChecksumCRC32: 'AAAAAA==' } },
    { name: 'MD5', input: { ContentMD5: Buffer.alloc(16).toString('base64') } },
  ])('refuses a wrong $name and stores nothing', async ({ name, input }) => {
    const { aws, bucket: Bucket } = current();
    const Key = `aws/wrong-${name}`;
    const wrong = aws.send(new PutObjectCommand({ Bucket, Key, Body: 'right', ...input }));
    await expect(wrong).rejects.toMatchObject({
      name: expect.stringMatching(/^(BadDigest|XAmzContentChecksumMismatch|InvalidDigest)$/) as string,
      $metadata: { httpStatusCode: 400 },
    });
    await expect(read(Key)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('gives the checksum back', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'aws/checksum';
    await aws.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ChecksumAlgorithm: 'SHA256' }));
    const head = await aws.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumSHA256).toBe(createHash('sha256').update('x').digest('base64'));
  });

  it('keeps metadata and standard headers', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'aws/headers';
    const described = {
      ContentType: 'application/pdf',
      CacheControl: 'private',
      ContentDisposition: 'inline',
      ContentLanguage: 'zh-CN',
      Metadata: { page: '7', title: 'lesson one' },
    };
    await aws.send(new PutObjectCommand({ Bucket, Key, Body: 'pdf', ...described }));
    expect(await aws.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject(described);
  });

  it('reads under conditions', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'aws/conditional';
    const { ETag = '' } = await put(Key);
    const soon = new Date(Date.now() + 60_000);
    const longAgo = new Date(0);
    const get = (input: object) => aws.send(new GetObjectCommand({ Bucket, Key, ...input }));
    const failed = { $metadata: { httpStatusCode: 412 } };
    const notModified = { $metadata: { httpStatusCode: 304 } };
    expect((await get({ IfMatch: ETag })).$metadata.httpStatusCode).toBe(200);
    expect((await get({ IfNoneMatch: '"other"' })).$metadata.httpStatusCode).toBe(200);
    expect((await get({ IfModifiedSince: longAgo })).$metadata.httpStatusCode).toBe(200);
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject(failed);
    await expect(get({ IfUnmodifiedSince: longAgo })).rejects.toMatchObject(failed);
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject(notModified);
    await expect(get({ IfModifiedSince: soon })).rejects.toMatchObject(notModified);
  });

  it('writes under conditions', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'aws/conditional-write';
    const write = (Body: string, input: object) =>
      aws.send(new PutObjectCommand({ Bucket, Key, Body, ...input }));
    const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    const { ETag } = await write('first', { IfNoneMatch: '*' });
    await expect(write('second', { IfNoneMatch: '*' })).rejects.toMatchObject(failed);
    await expect(write('third', { IfMatch: '"00000000000000000000000000000000"' })).rejects.toMatchObject(
      failed,
    );
    await write('fourth', { IfMatch: ETag });
    expect(Buffer.from(await read(Key)).toString()).toBe('fourth');
  });

  it('reads ranges', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'aws/range';
    await put(Key, '0123456789');
    const get = (Range: string) => aws.send(new GetObjectCommand({ Bucket, Key, Range }));
    const suffix = await get('bytes=-3');
    expect(await suffix.Body?.transformToString()).toBe('789');
    expect(suffix).toMatchObject({ ContentRange: 'bytes 7-9/10', ContentLength: 3 });
    await expect(get('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('copies, with the same or with new metadata', async () => {
    const { aws, bucket: Bucket } = current();
    const source = 'aws/copy source+讲座?&=';
    await aws.send(new PutObjectCommand({ Bucket, Key: source, Body: 'copied', Metadata: { kept: 'yes' } }));
    const CopySource = `${Bucket}/${encodeURIComponent(source)}`;
    await aws.send(new CopyObjectCommand({ Bucket, Key: 'aws/copy-1', CopySource }));
    const replaced = { MetadataDirective: 'REPLACE', Metadata: { fresh: 'yes' } } as const;
    await aws.send(new CopyObjectCommand({ Bucket, Key: 'aws/copy-2', CopySource, ...replaced }));
    const head = async (Key: string) => (await aws.send(new HeadObjectCommand({ Bucket, Key }))).Metadata;
    expect(await head('aws/copy-1')).toEqual({ kept: 'yes' });
    expect(await head('aws/copy-2')).toEqual({ fresh: 'yes' });
    expect(Buffer.from(await read('aws/copy-2')).toString()).toBe('copied');
  });

  it('deletes one and many', async () => {
    const { aws, bucket: Bucket } = current();
    const keys = ['aws/del/1', 'aws/del/2 ü', 'aws/del/<&>'];
    for (const key of keys) await put(key);
    const Objects = keys.map((Key) => ({ Key }));
    const { Deleted, Errors } = await aws.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key).sort()).toEqual([...keys].sort());
    expect(Errors ?? []).toEqual([]);
    await aws.send(new DeleteObjectCommand({ Bucket, Key: 'aws/del/1' }));
    await expect(read('aws/del/1')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('knows its buckets', async () => {
    const { aws, bucket: Bucket } = current();
    await aws.send(new HeadBucketCommand({ Bucket }));
    await aws.send(new GetBucketLocationCommand({ Bucket }));
    const missing = aws.send(new HeadBucketCommand({ Bucket: 'yike-contract-missing' }));
    await expect(missing).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('presigns GET, HEAD and PUT', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'aws/presigned 一课';
    const options = { expiresIn: 60 };
    const putUrl = await getSignedUrl(aws, new PutObjectCommand({ Bucket, Key }), options);
    expect((await fetch(putUrl, { method: 'PUT', body: 'by URL' })).status).toBe(200);
    const getUrl = await getSignedUrl(aws, new GetObjectCommand({ Bucket, Key }), options);
    expect(await (await fetch(getUrl)).text()).toBe('by URL');
    const headUrl = await getSignedUrl(aws, new HeadObjectCommand({ Bucket, Key }), options);
    expect((await fetch(headUrl, { method: 'HEAD' })).headers.get('content-length')).toBe('6');
  });

  describe('with 120 keys', () => {
    const names = Array.from({ length: 120 }, (_, index) => `${index % 4}/${String(index).padStart(3, '0')}`);

    beforeAll(async () => {
      for (let from = 0; from < names.length; from += 20) {
        await Promise.all(names.slice(from, from + 20).map((name) => put(`aws/page/${name}`)));
      }
    });

    it('pages through version 2', async () => {
      const { aws, bucket: Bucket } = current();
      const keys: string[] = [];
      const sizes: number[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await aws.send(
          new ListObjectsV2Command({ Bucket, Prefix: 'aws/page/', MaxKeys: 50, ContinuationToken }),
        );
        sizes.push(page.KeyCount ?? -1);
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice('aws/page/'.length)));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      expect(sizes).toEqual([50, 50, 20]);
      expect(keys).toEqual([...names].sort());
    });

    it('pages through version 1', async () => {
      const { aws, bucket: Bucket } = current();
      const keys: string[] = [];
      let Marker: string | undefined;
      let isTruncated: boolean | undefined;
      do {
        const page = await aws.send(
          new ListObjectsCommand({ Bucket, Prefix: 'aws/page/', MaxKeys: 50, Marker }),
        );
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
        Marker = keys.at(-1);
        isTruncated = page.IsTruncated;
      } while (isTruncated === true);
      expect(keys).toHaveLength(120);
      expect(new Set(keys).size).toBe(120);
    });

    it('groups by delimiter, page by page', async () => {
      const { aws, bucket: Bucket } = current();
      const groups: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await aws.send(
          new ListObjectsV2Command({
            Bucket,
            Prefix: 'aws/page/',
            Delimiter: '/',
            MaxKeys: 3,
            ContinuationToken,
          }),
        );
        groups.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix));
        expect(page.Contents ?? []).toEqual([]);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      expect(groups).toEqual(['0/', '1/', '2/', '3/'].map((group) => `aws/page/${group}`));
    });

    it('begins after a key, within a partial prefix', async () => {
      const { aws, bucket: Bucket } = current();
      const { Contents } = await aws.send(
        new ListObjectsV2Command({
          Bucket,
          Prefix: 'aws/page/1/0',
          StartAfter: 'aws/page/1/089',
          EncodingType: 'url',
        }),
      );
      expect(Contents?.map(({ Key }) => Key)).toEqual(['aws/page/1/093', 'aws/page/1/097']);
    });
  });
}
