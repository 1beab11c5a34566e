import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { Client } from 'minio';
import { afterAll, beforeAll, describe } from 'vitest';
import { createMinioStore } from '../minio-store.ts';
import type { ObjectStore } from '../object-store.ts';
import { awsContract } from './aws-contract.ts';
import { awsUploadContract } from './aws-upload-contract.ts';
import { faultContract } from './fault-contract.ts';
import { httpContract } from './http-contract.ts';
import { minioContract } from './minio-contract.ts';
import { portContract } from './port-contract.ts';
import type { StorageTarget } from './target.ts';

/** What every case works with: one target, one new bucket, three clients. */
export interface ContractContext {
  readonly target: StorageTarget;
  readonly bucket: string;
  readonly store: ObjectStore;
  readonly minio: Client;
  readonly aws: S3Client;
}

/**
 * What Yike needs of an S3, as one suite: through our port, through `minio`, through the AWS SDK v3, and as plain HTTP. It makes a
 * bucket of its own and leaves nothing behind.
 */
export function storageContract(name: string, makeTarget: () => Promise<StorageTarget>): void {
  describe(`S3 contract: ${name}`, () => {
    let context: ContractContext | undefined;
    const current = (): ContractContext => {
      if (!context) throw new Error('the contract was not set up');
      return context;
    };

    beforeAll(async () => {
      const target = await makeTarget();
      const bucket = `yike-contract-${randomUUID()}`;
      const store = createMinioStore({ ...target, bucket });
      await store.ensureBucket();
      context = { target, bucket, store, minio: minioClient(target), aws: awsClient(target) };
    });

    afterAll(async () => {
      const { store, aws, minio, bucket, target } = current();
      const keys: string[] = [];
      for await (const { key } of store.list('')) keys.push(key);
      for (const key of keys) await minio.removeObject(bucket, key);
      await minio.removeBucket(bucket);
      aws.destroy();
      store.close();
      await target.close();
    });

    describe('through our port', () => portContract(current));
    describe('when storage fails', () => faultContract(current));
    describe('through minio', () => minioContract(current));
    describe('through the AWS SDK', () => awsContract(current));
    describe('multipart through the AWS SDK', () => awsUploadContract(current));
    describe('as plain HTTP', () => httpContract(current));
  });
}

function minioClient({ endpoint, accessKey, secretKey }: StorageTarget): Client {
  const { hostname, port, protocol } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  // Without a region, so that it asks for the bucket's location.
  return new Client({
    endPoint: hostname,
    port: Number(port) || (useSSL ? 443 : 80),
    useSSL,
    accessKey,
    secretKey,
    retryOptions: { disableRetry: true },
  });
}

function awsClient({ endpoint, accessKey, secretKey, region }: StorageTarget): S3Client {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
}
