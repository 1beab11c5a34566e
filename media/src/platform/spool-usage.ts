import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

export interface SpoolUsage {
  /** Objects that storage has not confirmed, those being written included. */
  readonly objects: number;
  readonly bytes: number;
  /** When the oldest of them was last written to, unix ms; null where nothing waits. */
  readonly oldestMs: number | null;
}

const MEDIA_FILE = /\.(?:m4s|mp4)$/;

/** What waits in the spool, as the disk itself tells: a file goes when storage has confirmed its object. */
export async function spoolUsage(spoolFolder: string): Promise<SpoolUsage> {
  const root = path.join(spoolFolder, 'recordings');
  const names = await readdir(root, { recursive: true }).catch(() => []);
  const files = names.filter((name) => MEDIA_FILE.test(name)).map((name) => path.join(root, name));
  const found = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  const waiting = found.filter((each) => each !== null);
  return {
    objects: waiting.length,
    bytes: waiting.reduce((sum, { size }) => sum + size, 0),
    oldestMs: waiting.length === 0 ? null : Math.min(...waiting.map(({ mtimeMs }) => mtimeMs)),
  };
}

/** Bytes that this user may still write there. @throws where the folder is not there or cannot be written to */
export async function freeBytes(folder: string): Promise<number> {
  await access(folder, constants.W_OK);
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
