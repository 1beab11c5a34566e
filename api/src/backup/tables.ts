import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Client, escapeIdentifier } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { BackupRefused, type BackupTable, tableFile } from './backup-file.ts';
import { PERSON_KEYS_TABLE } from './person-keys.ts';
import { inOrderOfReference, type TableNode } from './table-order.ts';

interface Table extends TableNode {
  readonly columns: readonly string[];
}

/** TypeORM's own, which the migrations write themselves; and the keys of persons, which lie apart. */
const APART = ['migrations', PERSON_KEYS_TABLE];

/** All tables that a backup holds, with the columns that hold something of their own. */
export async function listTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT c.relname AS name,
       ARRAY(SELECT a.attname::text FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         ORDER BY a.attnum) AS columns,
       ARRAY(SELECT DISTINCT other.relname::text FROM pg_constraint k JOIN pg_class other ON other.oid = k.confrelid
         WHERE k.conrelid = c.oid AND k.contype = 'f') AS "refersTo"
     FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> ALL ($1)`,
    [APART],
  );
  return inOrderOfReference(rows);
}

/** Writes one table's rows to its file. To be called in a transaction, whose snapshot all tables share. */
export async function dumpTable(
  client: Client,
  { name, columns }: Table,
  folder: string,
): Promise<BackupTable> {
  const file = tableFile(folder, name);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const measured = new MeasuredLines();
  const rows = client.query(copyTo(`COPY ${target(name, columns)} TO STDOUT`));
  await pipeline(rows, measured, createGzip(), createWriteStream(file, { mode: 0o600, flush: true }));
  return { name, columns: [...columns], rows: measured.lines, sha256: measured.sha256() };
}

/**
 * Fills a table from its file, in place of what the migrations put there.
 * @throws BackupRefused where the file is not what the backup says
 */
export async function loadTable(client: Client, table: BackupTable, folder: string): Promise<void> {
  const { name, columns, rows, sha256 } = table;
  const measured = new MeasuredLines();
  const into = client.query(copyFrom(`COPY ${target(name, columns)} FROM STDIN`));
  await pipeline(createReadStream(tableFile(folder, name)), createGunzip(), measured, into);
  if (measured.lines !== rows || measured.sha256() !== sha256) {
    throw new BackupRefused(`The rows of ${name} are not those of the backup: its file was damaged.`);
  }
}

/** Takes out what the migrations put in; a table that is empty is left alone, since the ledger's refuse even that. */
export async function clearTable(client: Client, { name }: Pick<BackupTable, 'name'>): Promise<void> {
  const table = escapeIdentifier(name);
  const { rowCount } = await client.query(`SELECT FROM ${table} LIMIT 1`);
  if (rowCount !== 0) await client.query(`DELETE FROM ${table}`);
}

const target = (name: string, columns: readonly string[]): string =>
  `${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(', ')})`;

const LINE_END = 10;

/** Passes COPY's text on, and knows its lines (one a row: line ends in values are escaped) and its hash. */
class MeasuredLines extends Transform {
  lines = 0;
  readonly #hash = createHash('sha256');

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk);
    for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) this.lines += 1;
    done(null, chunk);
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }
}
