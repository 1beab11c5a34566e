import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../scripts/testing/postgres.ts';
import { createDataSource } from './data-source.ts';
import { migrate } from './migrate.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.ownerUrl);
});
afterAll(() => postgres.close());

/** Keys to other tables stand in migrations alone: entities are rows without relations. */
const isForeignKey = (query: string): boolean => /^ALTER TABLE "\w+" DROP CONSTRAINT "\w+_fkey"$/.test(query);

it('entities and migrations agree', async () => {
  const dataSource = await createDataSource(postgres.ownerUrl, pino({ level: 'silent' })).initialize();
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query).filter((query) => !isForeignKey(query))).toEqual([]);
  } finally {
    await dataSource.destroy();
  }
});

it('migrating again changes nothing', async () => {
  expect(await migrate(postgres.ownerUrl)).toEqual([]);
});

it('the role of the API cannot change the schema', async () => {
  const dataSource = await createDataSource(postgres.appUrl, pino({ level: 'silent' })).initialize();
  await expect(dataSource.query('ALTER TABLE users ADD COLUMN x int')).rejects.toThrow('owner');
  await expect(dataSource.query('CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
  await dataSource.destroy();
});
