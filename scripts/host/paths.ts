import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

/** The checkout's root folder, absolute. */
export const CHECKOUT = path.resolve(import.meta.dirname, '..', '..');

/** A path inside the checkout, absolute. */
export function inCheckout(...parts: string[]): string {
  return path.join(CHECKOUT, ...parts);
}

/** The folder for what is dear to make and the same for every clone: `${XDG_CACHE_HOME:-~/.cache}/yike`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME;
  return path.join(
    base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'),
    'yike',
  );
}

/** Eight hexadecimal digits that stand for a path where the path itself would be too long or too strange. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/**
 * The folder for the Unix socket of the PostgreSQL with this data folder. A socket's path has at most 107 bytes
 * and checkouts may have long names, so it stands under the temporary folder by a short hash.
 */
export function socketFolder(dataFolder: string): string {
  const name = `yike-${shortHash(path.resolve(dataFolder))}`;
  const preferred = path.join(tmpdir(), name);
  return Buffer.byteLength(preferred) <= 80 ? preferred : path.join('/tmp', name);
}
