import { createMinioStore } from '@yike/storage/minio-store';
import { readPrepareConfig } from '../config.ts';
import { backup } from './backup.ts';
import { BackupRefused } from './backup-file.ts';
import { rebuildIndex } from './rebuild-index.ts';
import { restore } from './restore.ts';

/**
 * `node api/dist/backup/main.js backup <folder>`, `restore <folder>`, `rebuild-index`, in the environment of `prepare.js`. Prints what was
 * done; a refusal is one sentence and exit code 1.
 */
const USAGE = 'Say one of: backup <new folder>, restore <folder of a backup>, rebuild-index.';
const MOST_NAMED = 20;

const [command, folder] = process.argv.slice(2);
const { DATABASE_OWNER_URL, ...storage } = readPrepareConfig();
const store = createMinioStore({
  endpoint: storage.S3_ENDPOINT,
  accessKey: storage.S3_ACCESS_KEY,
  secretKey: storage.S3_SECRET_KEY,
  bucket: storage.S3_BUCKET,
  region: storage.S3_REGION,
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  await run();
} catch (error) {
  if (!(error instanceof BackupRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  store.close();
}

async function run(): Promise<void> {
  if (command === 'backup' && folder !== undefined) await runBackup(folder);
  else if (command === 'restore' && folder !== undefined) await runRestore(folder);
  else if (command === 'rebuild-index') await runRebuild();
  else throw new BackupRefused(USAGE);
}

async function runBackup(into: string): Promise<void> {
  const { tables, manifests } = await backup(DATABASE_OWNER_URL, store, into);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  say(`backed up: ${rows} rows of ${tables.length} tables, ${manifests.length} manifests, in ${into}`);
}

async function runRestore(from: string): Promise<void> {
  const {
    backup: whole,
    rows,
    manifests,
    erased,
    audit,
    missing,
  } = await restore(DATABASE_OWNER_URL, store, from);
  say(`restored: ${rows} rows of ${whole.tables.length} tables as of ${whole.createdAt}`);
  if (erased > 0) say(`erased again: ${erased} people who were deleted since`);
  say(`manifests put back: ${manifests} of ${whole.manifests.length}, the others were in storage`);
  say(`ledger: every sum is 0, ${audit.chain.checkedEntries} chained entries verified`);
  say(`media missing in object storage: ${missing.length}`);
  for (const key of missing.slice(0, MOST_NAMED)) say(`  ${key}`);
}

async function runRebuild(): Promise<void> {
  const { timelines, epochs, segments, captions, unreadable } = await rebuildIndex(DATABASE_OWNER_URL, store);
  say(`rebuilt: ${timelines} timelines, ${epochs} epochs, ${segments} segments, ${captions} captions`);
  for (const key of unreadable) say(`  not readable: ${key}`);
}
