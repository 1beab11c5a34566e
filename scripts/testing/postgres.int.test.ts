import { afterAll, expect, it } from 'vitest';
import { withClient } from '../services/database.ts';
import { startTestPostgres, type TestPostgres } from './postgres.ts';

const opened: TestPostgres[] = [];
const open = async (...args: Parameters<typeof startTestPostgres>): Promise<TestPostgres> => {
  const database = await startTestPostgres(...args);
  opened.push(database);
  return database;
};
afterAll(() => Promise.all(opened.map((each) => each.close())));

it('gives each caller a database of its own, also when several ask at once', async () => {
  const databases = await Promise.all([open(), open(), open()]);
  const names = await Promise.all(
    databases.map(({ ownerUrl }) =>
      withClient(ownerUrl, async (client) => {
        await client.query('CREATE TABLE mine (id int)');
        const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
        return rows[0]!.name;
      }),
    ),
  );
  expect(new Set(names).size).toBe(3);
});

it('copies a template, which is built once', async () => {
  let built = 0;
  const template = {
    key: `test-${process.pid}`,
    build: async ({ ownerUrl }: { ownerUrl: string }) => {
      built += 1;
      await withClient(ownerUrl, (client) =>
        client.query('CREATE TABLE lesson (id int); GRANT SELECT ON lesson TO yike_app'),
      );
    },
  };
  const copies = await Promise.all([open({ template }), open({ template })]);
  expect(built).toBe(1);
  for (const { appUrl } of copies) {
    await expect(withClient(appUrl, (client) => client.query('SELECT * FROM lesson'))).resolves.toBeDefined();
    await expect(withClient(appUrl, (client) => client.query('DROP TABLE lesson'))).rejects.toThrow('owner');
  }
});
