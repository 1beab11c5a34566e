import type { LedgerAudit } from '@yike/contracts/http/bank';
import type { ObjectStore } from '@yike/storage/object-store';
import { Client } from 'pg';
import { migrate } from '../database/migrate.ts';
import { MIGRATIONS } from '../database/migrations.ts';
import { type BackupFile, BackupRefused, readBackupFile } from './backup-file.ts';
import { missingObjects } from './index-check.ts';
import { auditLedger } from './ledger-check.ts';
import { restoreManifests } from './manifests.ts';
import { erasePeopleWithoutKey, loadPersonKeys } from './person-keys.ts';
import { clearTable, loadTable } from './tables.ts';

export interface Restored {
  readonly backup: BackupFile;
  readonly rows: number;
  readonly manifests: number;
  /** People who were deleted since: what the backup still had of them is erased again. */
  readonly erased: number;
  readonly audit: LedgerAudit;
  /** Media that the index names and object storage does not have. */
  readonly missing: readonly string[];
}

/**
 * Fills an empty database from a backup, brings its schema up to this version, puts back what manifests storage lacks, and proves the
 * ledger. All rows come in one transaction: where anything fails the database stays as the migrations make it.
 * @throws BackupRefused where the database is not empty, the backup is of a newer version or damaged, or the ledger does not hold
 */
export async function restore(ownerUrl: string, store: ObjectStore, folder: string): Promise<Restored> {
  const whole = await readBackupFile(folder);
  assertKnown(whole.migrations);
  await assertEmpty(ownerUrl);
  await migrate(ownerUrl, { upTo: whole.migrations });
  await load(ownerUrl, whole, folder);
  await migrate(ownerUrl);
  const erased = await eraseAgain(ownerUrl);
  const manifests = await restoreManifests(store, folder, whole.manifests);
  const audit = await auditLedger(ownerUrl);
  if (!audit.chain.verified || audit.sums.some(({ sum }) => sum !== 0))
    throw new BackupRefused(`The restored ledger does not hold: ${JSON.stringify(audit)}.`);
  const rows = whole.tables.reduce((sum, table) => sum + table.rows, 0);
  return { backup: whole, rows, manifests, erased, audit, missing: await missingObjects(ownerUrl, store) };
}

function assertKnown(migrations: readonly string[]): void {
  const known = new Set<string>(MIGRATIONS.map(({ name }) => name));
  const unknown = migrations.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new BackupRefused(
      `The backup is of a newer version (it has ${unknown.join(', ')}): install that one.`,
    );
}

async function assertEmpty(ownerUrl: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    const { rowCount } = await client.query(
      "SELECT FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LIMIT 1",
    );
    if (rowCount !== 0)
      throw new BackupRefused('The database is not empty: restore into a new one (or a new data folder).');
  });
}

async function load(ownerUrl: string, whole: BackupFile, folder: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    await client.query('BEGIN');
    for (const table of whole.tables.toReversed()) await clearTable(client, table);
    for (const table of whole.tables) await loadTable(client, table, folder);
    if (hasPeople(whole)) await loadPersonKeys(client, folder);
    await client.query('COMMIT');
    await client.query('ANALYZE');
  });
}

/** A backup from before there were real names needs no keys. */
const hasPeople = ({ tables }: BackupFile): boolean =>
  tables.some(({ name, rows }) => name === 'real_names' && rows > 0);

async function eraseAgain(ownerUrl: string): Promise<number> {
  let erased = 0;
  await withClient(ownerUrl, async (client) => {
    await client.query('BEGIN');
    erased = await erasePeopleWithoutKey(client);
    await client.query('COMMIT');
  });
  return erased;
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'yike-restore' });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
