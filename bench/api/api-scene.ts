import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Pool } from 'pg';
import type { ApiConfig } from '../../api/src/config.ts';
import { API_NODE_OPTIONS } from '../../scripts/services/api-node-options.ts';
import { setUpEmbedded } from '../../scripts/services/database-setup.ts';
import { type PostgresServer, startPostgres } from '../../scripts/services/postgres.ts';
import { ensureSecrets } from '../../scripts/services/secrets.ts';
import { builtApi } from '../viewing/api-parts.ts';
import { RunningApi } from './running-api.ts';

/** Where the API keeps objects; a bench without objects gives none. */
export interface StorageAccess {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const NOWHERE: StorageAccess = { endpoint: 'http://127.0.0.1:9', accessKey: 'key', secretKey: 'secret' };

/** The built API and its PostgreSQL, each in processes of its own. The database is as durable as the product's. */
export class ApiScene {
  readonly api: RunningApi;
  readonly postgres: PostgresServer;
  /** As the owner of the database. */
  readonly database: Pool;
  /** Of the database, with the API's rights. */
  readonly appUrl: string;
  readonly #folder: string;

  private constructor(
    api: RunningApi,
    postgres: PostgresServer,
    database: Pool,
    appUrl: string,
    folder: string,
  ) {
    this.api = api;
    this.postgres = postgres;
    this.database = database;
    this.appUrl = appUrl;
    this.#folder = folder;
  }

  static async start(storage: StorageAccess = NOWHERE): Promise<ApiScene> {
    const { migrate } = await builtApi();
    const folder = mkdtempSync(path.join(tmpdir(), 'yike-bench-'));
    chmodSync(folder, 0o755);
    const secrets = ensureSecrets(folder);
    const postgres = await startPostgres({
      dataFolder: path.join(folder, 'postgres'),
      superuserPassword: secrets.postgresPassword,
      log: createWriteStream(path.join(folder, 'postgres.log')),
    });
    try {
      const { ownerUrl, appUrl } = await setUpEmbedded(postgres, secrets);
      await migrate(ownerUrl);
      const config: ApiConfig = {
        ...{ NODE_ENV: 'test', LOG_LEVEL: 'error', HOST: '127.0.0.1', PORT: 0, YIKE_DEMO: false },
        ...{
          S3_ENDPOINT: storage.endpoint,
          S3_ACCESS_KEY: storage.accessKey,
          S3_SECRET_KEY: storage.secretKey,
        },
        ...{ S3_BUCKET: 'yike', S3_REGION: 'us-east-1', S3_PUBLIC_URL: storage.endpoint },
        ...{ PORTAL_HANDLER: '/nowhere', YIKE_PARENT_WATCH: false },
        ...{
          APP_SECRET: secrets.appSecret,
          PERSONAL_DATA_KEYS: secrets.personalDataKeys,
          PERSONAL_DATA_INDEX_KEY: secrets.personalDataIndexKey,
          MEDIA_NODE_SECRET: secrets.mediaNodeSecret,
          DATABASE_URL: appUrl,
        },
      };
      const database = new Pool({ connectionString: ownerUrl });
      database.on('error', () => undefined); // Its server ends first.
      const api = await RunningApi.start(config, { nodeOptions: nodeOptions() });
      return new ApiScene(api, postgres, database, appUrl, folder);
    } catch (error) {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.api.stop();
    await this.database.end();
    await this.postgres.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The product's; and whoever looks for where the time goes gives `--cpu-prof` here. */
const nodeOptions = (): string[] => [
  ...API_NODE_OPTIONS,
  ...(process.env.YIKE_BENCH_NODE_OPTIONS ?? '').split(' ').filter((word) => word !== ''),
];
