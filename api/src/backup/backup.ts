import type { ObjectStore } from '@yike/storage/object-store';
import { Client } from 'pg';
import { type BackupFile, BackupRefused, claimFolder, writeBackupFile } from './backup-file.ts';
import { saveManifests } from './manifests.ts';
import { savePersonKeys } from './person-keys.ts';
import { dumpTable, listTables } from './tables.ts';

/**
 * Writes the whole database, as it is at one moment, and every manifest to a new folder. Everything may run meanwhile. The media
 * itself stays in object storage, which has its own replication. The keys of persons go into one file beside the folder.
 * @throws BackupRefused where the folder is not empty; what PostgreSQL and storage throw
 */
export async function backup(ownerUrl: string, store: ObjectStore, folder: string): Promise<BackupFile> {
  await claimFolder(folder);
  const database = await dumpDatabase(ownerUrl, folder);
  // After the rows: an epoch that the database knows has a manifest here, however late it was written.
  const manifests = await saveManifests(store, folder);
  const whole: BackupFile = {
    format: 'yike-backup-1',
    createdAt: new Date().toISOString(),
    ...database,
    manifests,
  };
  await writeBackupFile(folder, whole);
  return whole;
}

async function dumpDatabase(
  ownerUrl: string,
  folder: string,
): Promise<Pick<BackupFile, 'migrations' | 'tables'>> {
  const client = new Client({ connectionString: ownerUrl, application_name: 'yike-backup' });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const migrations = await migrationsOf(client);
    const tables: BackupFile['tables'] = [];
    for (const table of await listTables(client)) tables.push(await dumpTable(client, table, folder));
    await savePersonKeys(client, folder);
    await client.query('COMMIT');
    return { migrations, tables };
  } finally {
    await client.end();
  }
}

async function migrationsOf(client: Client): Promise<string[]> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_class WHERE oid = to_regclass('public.migrations')",
  );
  if (rowCount === 0) throw new BackupRefused('The database has no schema yet: there is nothing to back up.');
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp');
  return rows.map(({ name }) => name);
}
