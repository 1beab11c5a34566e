import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Folders that hold no source. */
const NOT_SOURCE = new Set(['node_modules', 'dist', 'build', '.svelte-kit']);

/**
 * A hash of the names and the contents of all files below these paths (files or folders), whatever their times say.
 * @param root paths are relative to it, so that two checkouts with the same sources have the same hash
 */
export function hashSources(root: string, paths: string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((each) => filesBelow(path.join(root, each))).toSorted()) {
    hash.update(`${path.relative(root, file)}\0`);
    hash.update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return hash.digest('hex');
}

/** All files below a folder, or the file itself; nothing where there is none. */
export function filesBelow(at: string): string[] {
  if (!existsSync(at)) return [];
  const entries = readdirSync(path.dirname(at), { withFileTypes: true });
  if (entries.find(({ name }) => name === path.basename(at))?.isFile()) return [at];
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    const below = path.join(at, entry.name);
    if (entry.isFile()) return [below];
    return entry.isDirectory() && !NOT_SOURCE.has(entry.name) ? filesBelow(below) : [];
  });
}

/** Whether what was made from these sources is there still. */
export function isStamped(stampFile: string, hash: string): boolean {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash;
}

/** Says from which sources something was made; to be called once it is complete. */
export function stamp(stampFile: string, hash: string): void {
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
}
