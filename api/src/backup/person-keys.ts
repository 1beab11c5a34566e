import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { UserId } from '@yike/contracts/ids';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { erasePeople } from '../features/people/erase-people.ts';
import { BackupRefused } from './backup-file.ts';

/** Is in no backup: a key that was destroyed must not come back with an old one. */
export const PERSON_KEYS_TABLE = 'person_keys';
const COLUMNS = 'user_id, wrapped_key, master_key_id';

/**
 * Writes the keys of persons, in the transaction of the backup, to one file beside all backups of this deployment, in place of the one
 * before: there are only ever the newest keys.
 */
export async function savePersonKeys(client: Client, folder: string): Promise<void> {
  const file = await fileBeside(folder, client);
  const draft = `${file}.new`;
  const keys = client.query(copyTo(`COPY ${PERSON_KEYS_TABLE} (${COLUMNS}) TO STDOUT`));
  await pipeline(keys, createGzip(), createWriteStream(draft, { mode: 0o600, flush: true }));
  await rename(draft, file);
}

/**
 * Fills the keys of the people whom the restored tables have, in the transaction that fills these.
 * @throws BackupRefused where the file is missing or damaged
 */
export async function loadPersonKeys(client: Client, folder: string): Promise<void> {
  const file = await fileBeside(folder, client);
  if (!existsSync(file))
    throw new BackupRefused(
      `${file} is missing: without it nobody's phone and ID number can be read. Put it beside the backup.`,
    );
  await client.query(`CREATE TEMPORARY TABLE newest_keys (LIKE ${PERSON_KEYS_TABLE}) ON COMMIT DROP`);
  const into = client.query(copyFrom(`COPY newest_keys (${COLUMNS}) FROM STDIN`));
  try {
    await pipeline(createReadStream(file), createGunzip(), into);
  } catch (cause) {
    throw new BackupRefused(`${file} cannot be read: it was damaged.`, { cause });
  }
  await client.query(
    `INSERT INTO ${PERSON_KEYS_TABLE} (${COLUMNS})
     SELECT ${COLUMNS} FROM newest_keys JOIN real_names USING (user_id)`,
  );
}

/**
 * Erases again whoever was deleted since the backup: they have no key any more.
 * @returns how many
 */
export async function erasePeopleWithoutKey(client: Client): Promise<number> {
  const { rows } = await client.query<{ id: UserId }>(
    `SELECT user_id AS id FROM real_names n
     WHERE NOT EXISTS (SELECT FROM ${PERSON_KEYS_TABLE} k WHERE k.user_id = n.user_id)`,
  );
  const erased = rows.map(({ id }) => id);
  await erasePeople(erased, new Date(), (sql, values) => client.query(sql, values));
  return erased.length;
}

/** Named by the oldest user, whose row stays for ever: backups of several deployments may lie side by side. */
async function fileBeside(folder: string, client: Client): Promise<string> {
  const { rows } = await client.query<{ id: UserId }>('SELECT id FROM users ORDER BY created_at, id LIMIT 1');
  return path.join(path.dirname(path.resolve(folder)), `person-keys-${rows[0]?.id ?? 'none'}.gz`);
}
