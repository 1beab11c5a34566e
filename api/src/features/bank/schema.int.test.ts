import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { startTestPostgres, type TestPostgres } from '../../../../scripts/testing/postgres.ts';
import { migrate } from '../../database/migrate.ts';

let postgres: TestPostgres;
const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
};
let owner: Client;
let app: Client;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.ownerUrl);
  [owner, app] = await Promise.all([connect(postgres.ownerUrl), connect(postgres.appUrl)]);
});
afterAll(async () => {
  await Promise.all([owner.end(), app.end()]);
  await postgres.close();
});

const ENTRY = `INSERT INTO ledger_entries (id, asset, kind, from_account_id, to_account_id, amount, booked_at_ms,
  policy_version, idempotency_key, evidence)
  SELECT $1::uuid, 'class-time', 'accrue', min(id::text)::uuid, max(id::text)::uuid, 10, 0, 1, ($1::uuid)::text, '{}'
  FROM accounts WHERE asset = 'class-time'`;
const LEGS = `INSERT INTO ledger_legs (entry_id, account_id, delta)
  SELECT id, from_account_id, -amount FROM ledger_entries WHERE id = $1::uuid UNION ALL
  SELECT id, to_account_id, amount FROM ledger_entries WHERE id = $1::uuid`;

async function book(client: Client, id: string, ...statements: string[]): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const statement of statements) await client.query(statement, [id]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

describe('the database keeps the ledger', () => {
  it('takes an entry with both its sides, as the role of the API', async () => {
    await expect(book(app, uuid(1), ENTRY, LEGS)).resolves.toBeUndefined();
  });

  it.each([
    { name: 'without sides', statements: [ENTRY] },
    { name: 'with one side', statements: [ENTRY, `${LEGS} LIMIT 1`] },
    {
      name: 'with a side of another amount',
      statements: [
        ENTRY,
        LEGS.replace('SELECT id, to_account_id, amount', 'SELECT id, to_account_id, amount + 1'),
      ],
    },
    {
      name: 'with a third side',
      statements: [
        ENTRY,
        LEGS,
        `INSERT INTO ledger_legs (entry_id, account_id, delta) SELECT $1::uuid, id, 5 FROM accounts
        WHERE asset = 'credit' LIMIT 1`,
      ],
    },
  ])('refuses an entry $name', async ({ statements }) => {
    await expect(book(app, uuid(2), ...statements)).rejects.toThrow(/is not balanced/);
  });

  const CHANGES = [
    'UPDATE ledger_entries SET amount = 99',
    'UPDATE ledger_legs SET delta = 99',
    'DELETE FROM ledger_legs',
    'DELETE FROM ledger_entries',
    'TRUNCATE ledger_legs',
    'TRUNCATE ledger_entries CASCADE',
  ];
  it.each(CHANGES)('refuses to the API: %s', async (statement) => {
    await expect(app.query(statement)).rejects.toThrow(/permission denied/);
  });
  it.each(CHANGES)('refuses to the owner: %s', async (statement) => {
    await expect(owner.query(statement)).rejects.toThrow(/the ledger only grows/);
  });

  it('books a deed once', async () => {
    const again = ENTRY.replace('SELECT $1::uuid, ', `SELECT '${uuid(3)}'::uuid, `);
    await expect(book(app, uuid(1), again, LEGS)).rejects.toThrow(/ledger_entries_idempotency/);
  });
});
