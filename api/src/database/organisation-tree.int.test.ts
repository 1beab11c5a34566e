import { uuidv7 } from '@yike/contracts/ids';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../scripts/testing/postgres.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const BEFORE = MIGRATIONS.map(({ name }) => name).filter(
  (name) => Number(name.slice(-13)) < 1_763_900_000_000,
);

let postgres: TestPostgres;
let client: Client;
beforeAll(async () => {
  postgres = await startTestPostgres();
  client = new Client({ connectionString: postgres.ownerUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await postgres.close();
});

it('organisations of before get their place, from the top down', async () => {
  await migrate(postgres.ownerUrl, { upTo: BEFORE });
  const ids = [1, 2, 3, 4].map((at) => uuidv7(at, new Uint8Array(10)));
  await client.query(
    `INSERT INTO org_units (id, name, parent_id)
     VALUES ($1, '区', NULL), ($2, '街道', $1), ($3, '社区', $2), ($4, '另一个', NULL)`,
    ids,
  );
  await migrate(postgres.ownerUrl);
  const { rows } = await client.query('SELECT name, level, path FROM org_units ORDER BY path');
  expect(rows).toEqual([
    { name: '区', level: 'district', path: '00001' },
    { name: '街道', level: 'sub-district', path: '0000100002' },
    { name: '社区', level: 'community', path: '000010000200003' },
    { name: '另一个', level: 'district', path: '00004' },
  ]);
});
