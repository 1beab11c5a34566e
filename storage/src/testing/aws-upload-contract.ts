import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, it } from 'vitest';
import type { ContractContext } from './contract.ts';

const PART_BYTES = 5 * 1024 * 1024;
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

export function awsUploadContract(current: () => ContractContext): void {
  const begin = async (Key: string, input: object = {}): Promise<string> => {
    const { aws, bucket: Bucket } = current();
    const { UploadId } = await aws.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }));
    return UploadId ?? '';
  };
  const upload = async (
    Key: string,
    UploadId: string,
    PartNumber: number,
    Body: Buffer,
  ): Promise<CompletedPart> => {
    const { aws, bucket: Bucket } = current();
    const { ETag } = await aws.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    return { PartNumber, ETag };
  };
  const complete = async (Key: string, UploadId: string, Parts: CompletedPart[], input: object = {}) => {
    const { aws, bucket: Bucket } = current();
    const MultipartUpload = { Parts };
    return aws.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload, ...input }));
  };

  it('joins parts sent in any order, one of them twice', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'upload/joined';
    const parts = [randomBytes(PART_BYTES), randomBytes(PART_BYTES), randomBytes(1000)] as const;
    const UploadId = await begin(Key, { ContentType: 'video/mp4', Metadata: { lecture: '1' } });
    const third = await upload(Key, UploadId, 9, parts[2]);
    await upload(Key, UploadId, 1, randomBytes(PART_BYTES));
    const [first, second] = await Promise.all([
      upload(Key, UploadId, 1, parts[0]),
      upload(Key, UploadId, 5, parts[1]),
    ]);
    const { ETag } = await complete(Key, UploadId, [first, second, third]);
    expect(ETag).toMatch(/-3"$/);
    const { Body, ContentType, Metadata } = await aws.send(new GetObjectCommand({ Bucket, Key }));
    expect(md5((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(md5(Buffer.concat(parts)));
    expect({ ContentType, Metadata }).toEqual({ ContentType: 'video/mp4', Metadata: { lecture: '1' } });
  });

  it('lists parts page by page', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'upload/listed';
    const UploadId = await begin(Key);
    for (const number of [1, 2, 3]) await upload(Key, UploadId, number, Buffer.alloc(10 * number));
    const first = await aws.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }));
    expect(first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 10],
      [2, 20],
    ]);
    expect(first.IsTruncated).toBe(true);
    const PartNumberMarker = first.NextPartNumberMarker;
    const second = await aws.send(new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker }));
    expect(second.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
    expect(second.IsTruncated).toBe(false);
    await aws.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  });

  it('lists and aborts uploads', async () => {
    const { aws, bucket: Bucket } = current();
    const Key = 'upload/aborted 讲座';
    const UploadId = await begin(Key);
    const part = await upload(Key, UploadId, 1, Buffer.from('x'));
    const listed = async () =>
      (await aws.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))).Uploads?.map(
        (found) => found.Key,
      );
    expect(await listed()).toEqual([Key]);
    await aws.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect((await listed()) ?? []).toEqual([]);
    const gone = { name: 'NoSuchUpload' };
    await expect(upload(Key, UploadId, 2, Buffer.from('y'))).rejects.toMatchObject(gone);
    await expect(complete(Key, UploadId, [part])).rejects.toMatchObject(gone);
    await expect(aws.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('refuses wrong lists of parts', async () => {
    const Key = 'upload/refused';
    const UploadId = await begin(Key);
    const first = await upload(Key, UploadId, 1, Buffer.from('too small'));
    const second = await upload(Key, UploadId, 2, Buffer.from('the last may be small'));
    const refused = (parts: CompletedPart[], name: string) =>
      expect(complete(Key, UploadId, parts)).rejects.toMatchObject({ name });
    await refused([second, first], 'InvalidPartOrder');
    await refused([{ PartNumber: 1, ETag: '"00000000000000000000000000000000"' }], 'InvalidPart');
    await refused([first, { PartNumber: 3, ETag: first.ETag }], 'InvalidPart');
    await refused([first, second], 'EntityTooSmall');
    await complete(Key, UploadId, [first]);
  });

  it('completes under a condition', async () => {
    const Key = 'upload/conditional';
    const bytes = Buffer.from('x');
    const write = async () => {
      const UploadId = await begin(Key);
      const part = await upload(Key, UploadId, 1, bytes);
      return complete(Key, UploadId, [part], { IfNoneMatch: '*' });
    };
    await write();
    await expect(write()).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('copies a range of another object into a part', async () => {
    const { aws, bucket: Bucket, store } = current();
    const Key = 'upload/from-copy';
    await store.put('upload/source', Buffer.from('0123456789'));
    const UploadId = await begin(Key);
    const CopySource = `${Bucket}/upload/source`;
    const { CopyPartResult } = await aws.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: 1,
        CopySource,
        CopySourceRange: 'bytes=2-5',
      }),
    );
    await complete(Key, UploadId, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    expect((await store.getBuffer(Key)).toString()).toBe('2345');
  });

  it('takes a part by presigned URL', async () => {
    const { aws, bucket: Bucket, store } = current();
    const Key = 'upload/presigned';
    const UploadId = await begin(Key);
    const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1 });
    const response = await fetch(await getSignedUrl(aws, command, { expiresIn: 60 }), {
      method: 'PUT',
      body: 'part',
    });
    expect(response.status).toBe(200);
    await complete(Key, UploadId, [{ PartNumber: 1, ETag: response.headers.get('etag') ?? '' }]);
    expect((await store.getBuffer(Key)).toString()).toBe('part');
  });
}
