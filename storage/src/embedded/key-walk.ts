import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTINUED_SUFFIX, folderPath, OBJECT_SUFFIX, unescapePart } from './file-names.ts';
import { isSystemError } from './s3-error.ts';

/** A place in the order of keys: behind `key`, or behind everything that begins with it. */
export interface Cursor {
  readonly key: string;
  readonly skipsPrefix: boolean;
}

interface Entry {
  /** The key of an object; of a folder, the prefix of the keys in it, with its slash. */
  readonly key: string;
  readonly isFolder: boolean;
}

/**
 * The keys below a prefix, behind the cursor, in the order of their UTF-8 bytes. Only the folders that can hold such keys
 * are read. `root` is the bucket's folder of objects.
 */
export async function* walkKeys(root: string, prefix: string, cursor?: Cursor): AsyncGenerator<string> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const entries = await readEntries(join(root, ...folderPath(folder)), folder, '');
  // A folder is compared with its slash, so that the order of the entries is the order of the keys in them.
  const wanted = entries
    .filter(({ key }) => key.startsWith(prefix))
    .map((entry) => ({ ...entry, bytes: Buffer.from(entry.key) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  for (const { key, isFolder } of wanted) {
    if (cursor && isBehind(key, isFolder, cursor)) continue;
    if (isFolder) yield* walkKeys(root, key, cursor);
    else yield key;
  }
}

/** The entries of a folder; names that go on in a `+` folder are put together again. */
async function readEntries(path: string, folder: string, begun: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const file of await readFolder(path)) {
    if (file.isFile() && file.name.endsWith(OBJECT_SUFFIX)) {
      const name = begun + file.name.slice(0, -OBJECT_SUFFIX.length);
      entries.push({ key: folder + unescapePart(name), isFolder: false });
    } else if (file.isDirectory() && file.name.endsWith(CONTINUED_SUFFIX)) {
      const name = begun + file.name.slice(0, -CONTINUED_SUFFIX.length);
      entries.push(...(await readEntries(join(path, file.name), folder, name)));
    } else if (file.isDirectory()) {
      entries.push({ key: `${folder}${unescapePart(begun + file.name)}/`, isFolder: true });
    }
  }
  return entries;
}

async function readFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

function isBehind(key: string, isFolder: boolean, cursor: Cursor): boolean {
  if (cursor.skipsPrefix && key.startsWith(cursor.key)) return true;
  if (isFolder && cursor.key.startsWith(key)) return false;
  return Buffer.compare(Buffer.from(key), Buffer.from(cursor.key)) <= 0;
}
