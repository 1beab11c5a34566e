import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One table's rows at the moment of the backup, in PostgreSQL's own COPY format. */
const BackupTable = z.strictObject({
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.int().min(0),
  /** Of the uncompressed rows. */
  sha256: Sha256,
});
export type BackupTable = z.infer<typeof BackupTable>;

/**
 * `backup.json`, written last: a folder without it is no whole backup. Beside it lie `tables/<name>.copy.gz` and
 * `manifests/<key>`.
 */
export const BackupFile = z.strictObject({
  format: z.literal('yike-backup-1'),
  createdAt: z.iso.datetime(),
  /** The schema, by the migrations that made it; there is no other. */
  migrations: z.array(z.string()).min(1),
  /** In an order in which foreign keys hold. */
  tables: z.array(BackupTable),
  manifests: z.array(z.strictObject({ key: z.string(), sha256: Sha256 })),
});
export type BackupFile = z.infer<typeof BackupFile>;

/** A backup or a database that cannot be used for what was asked; the message is a whole sentence for the operator. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

const fileOf = (folder: string): string => path.join(folder, 'backup.json');
export const tableFile = (folder: string, table: string): string =>
  path.join(folder, 'tables', `${table}.copy.gz`);
export const manifestFile = (folder: string, key: string): string => path.join(folder, 'manifests', key);

/** Makes the folder for its owner alone: names of people are in it. @throws BackupRefused where it has something in it */
export async function claimFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new BackupRefused(`The folder ${folder} is not empty: name a new one.`);
}

/** Atomic: the backup is whole when its file is there. */
export async function writeBackupFile(folder: string, backup: BackupFile): Promise<void> {
  const draft = `${fileOf(folder)}.new`;
  await writeFile(draft, `${JSON.stringify(backup, undefined, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, fileOf(folder));
}

/** @throws BackupRefused where there is none, or none that this version understands */
export async function readBackupFile(folder: string): Promise<BackupFile> {
  if (!existsSync(fileOf(folder)))
    throw new BackupRefused(`There is no backup.json in ${folder}: it is no whole backup.`);
  const parsed = BackupFile.safeParse(JSON.parse(await readFile(fileOf(folder), 'utf8')));
  if (parsed.success) return parsed.data;
  throw new BackupRefused(
    `The backup.json in ${folder} is not understood: it was made by another version, or damaged.`,
  );
}
