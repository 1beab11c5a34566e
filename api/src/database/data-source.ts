import { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import { SnakeNaming } from '../platform/database/snake-naming.ts';
import { ENTITIES } from './entities.ts';
import { MIGRATIONS } from './migrations.ts';

const POOL_SIZE = 20;
const CONNECT_WITHIN_MS = 5_000;
const STATEMENT_WITHIN_MS = 15_000;
const IDLE_IN_TRANSACTION_MS = 30_000;

/** The database, not yet connected. Never `synchronize`: the schema is what the migrations make. */
export const createDataSource = (url: string, log: Pick<Logger, 'warn'>): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    entities: [...ENTITIES],
    migrations: [...MIGRATIONS],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNaming(),
    applicationName: 'yike-api',
    parseInt8: true,
    poolSize: POOL_SIZE,
    connectTimeoutMS: CONNECT_WITHIN_MS,
    // An idle connection that the server closed; the next query opens another.
    poolErrorHandler: (error: unknown) => log.warn({ err: error }, 'a database connection was lost'),
    extra: {
      statement_timeout: STATEMENT_WITHIN_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      // Times of the session are UTC, whatever the machine thinks; and no disk has a head to move: finding rows by an index is cheap.
      options: '-c timezone=UTC -c random_page_cost=1.1',
    },
  });
