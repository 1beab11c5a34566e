import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedS3Server } from '../embedded/server.ts';

/** An S3 to test against. */
export interface StorageTarget {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  close(): Promise<void>;
}

/** An embedded server on a new folder, gone with it when it is closed. */
export async function embeddedTarget(): Promise<StorageTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'yike-s3-'));
  const credentials = { accessKey: 'test-access', secretKey: 'test-secret', region: 'us-east-1' };
  const server = await EmbeddedS3Server.create({ folder, host: '127.0.0.1', port: 0, ...credentials });
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    ...credentials,
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The S3 given by `TEST_S3_ENDPOINT`, `TEST_S3_ACCESS_KEY`, `TEST_S3_SECRET_KEY` (`TEST_S3_REGION`); undefined if none is. */
export function givenTarget(environment: NodeJS.ProcessEnv): StorageTarget | undefined {
  const { TEST_S3_ENDPOINT, TEST_S3_ACCESS_KEY, TEST_S3_SECRET_KEY, TEST_S3_REGION } = environment;
  if (
    TEST_S3_ENDPOINT === undefined ||
    TEST_S3_ACCESS_KEY === undefined ||
    TEST_S3_SECRET_KEY === undefined
  ) {
    return undefined;
  }
  return {
    endpoint: TEST_S3_ENDPOINT,
    accessKey: TEST_S3_ACCESS_KEY,
    secretKey: TEST_S3_SECRET_KEY,
    region: TEST_S3_REGION ?? 'us-east-1',
    close: () => Promise.resolve(),
  };
}
