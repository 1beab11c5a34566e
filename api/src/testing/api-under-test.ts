import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { Client, type QueryResultRow } from 'pg';
import { startTestPostgres, type TestPostgres } from '../../../scripts/testing/postgres.ts';
import { embeddedTarget, type StorageTarget } from '../../../storage/src/testing/target.ts';
import { type ApiConfig, readConfig } from '../config.ts';
import { createApp } from '../create-app.ts';
import { migrate } from '../database/migrate.ts';
import { MIGRATIONS } from '../database/migrations.ts';
import { seedDemo } from '../database/seed-demo.ts';
import { Visitor } from './visitor.ts';

export const NODE_SECRET = 'the media nodes secret of the tests';

/** A demo account. */
export type DemoName =
  'resident' | 'resident2' | 'lecturer' | 'community' | 'street' | 'curator' | 'auditor' | 'admin';

/** The whole API on a real PostgreSQL and a real S3, with the demo's accounts. */
export interface ApiUnderTest {
  readonly app: NestFastifyApplication;
  readonly config: ApiConfig;
  readonly url: string;
  /** Of the role that owns the database. */
  readonly ownerUrl: string;
  readonly store: ObjectStore;
  /** As the owner of the database: looks, and turns the clock of rows. */
  sql<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
  /** A browser without a session. */
  visitor(): Visitor;
  /** A browser of a demo account, signed in. */
  signedIn(username: DemoName): Promise<Visitor>;
  close(): Promise<void>;
}

export async function startApi(environment: NodeJS.ProcessEnv = {}): Promise<ApiUnderTest> {
  const [postgres, storage] = await Promise.all([startDatabase(), embeddedTarget()]);
  const config = configFor(postgres, storage, environment);
  const store = createMinioStore({ ...storage, bucket: config.S3_BUCKET });
  await store.ensureBucket();
  const app = await createApp(config);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo; // it listens on TCP
  const url = `http://127.0.0.1:${port}`;
  const owner = new Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  const visitor = () => new Visitor(url);
  return {
    app,
    config,
    url,
    ownerUrl: postgres.ownerUrl,
    store,
    sql: async <R extends QueryResultRow>(text: string, values: unknown[] = []) =>
      (await owner.query<R>(text, values)).rows,
    visitor,
    signedIn: async (username) => {
      const person = visitor();
      await person.signIn(username);
      return person;
    },
    close: async () => {
      await app.close();
      store.close();
      await owner.end();
      await Promise.all([postgres.close(), storage.close()]);
    },
  };
}

/** Migrated and seeded once per set of migrations, then copied. */
const startDatabase = (): Promise<TestPostgres> =>
  startTestPostgres({
    template: {
      key: `api with demo accounts, migrations readable: ${MIGRATIONS.map(({ name }) => name).join()}`,
      build: async ({ ownerUrl }) => {
        await migrate(ownerUrl);
        const config = { DATABASE_URL: ownerUrl, ...noStorage };
        await seedDemo(config, createMinioStore({ ...nowhere, bucket: 'none' }), new Date());
      },
    },
  });

const nowhere = { endpoint: 'http://127.0.0.1:9', accessKey: 'none', secretKey: 'none', region: 'none' };
const noStorage = {
  S3_ENDPOINT: nowhere.endpoint,
  S3_ACCESS_KEY: 'none',
  S3_SECRET_KEY: 'none',
  S3_BUCKET: 'none',
  S3_REGION: 'none',
};

const configFor = (
  { appUrl }: Pick<TestPostgres, 'appUrl'>,
  storage: Omit<StorageTarget, 'close'>,
  more: NodeJS.ProcessEnv,
): ApiConfig =>
  readConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    DATABASE_URL: appUrl,
    S3_ENDPOINT: storage.endpoint,
    S3_ACCESS_KEY: storage.accessKey,
    S3_SECRET_KEY: storage.secretKey,
    S3_REGION: storage.region,
    S3_PUBLIC_URL: storage.endpoint,
    MEDIA_NODE_SECRET: NODE_SECRET,
    APP_SECRET: 'the application secret of the tests',
    PORTAL_HANDLER: '/nowhere/handler.js',
    ...more,
  });
