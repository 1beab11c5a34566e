// Pure parts of the bootstrap, in plain JavaScript: it runs on Node 20 before anything is installed.

/** A failure that a person can act on: its message is one whole sentence, shown without a stack. */
export class InstallFailure extends Error {}

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} LockedPackage */

/**
 * Whether node_modules holds what the lock file names. npm writes what it has installed to a lock file of its own, last of all,
 * so an installation that was broken off, or one by hand of something else, shows.
 * @param {string | undefined} wanted `package-lock.json`
 * @param {string | undefined} installed `node_modules/.package-lock.json`
 */
export function isInstalled(wanted, installed) {
  if (wanted === undefined || installed === undefined) return false;
  const have = packagesOf(installed);
  return Object.entries(packagesOf(wanted))
    .filter(([place, { link }]) => place.includes('node_modules/') && link !== true)
    .every(([place, { version, integrity, optional, devOptional }]) => {
      const there = have[place];
      // An optional package is missing where it is for another platform.
      if (there === undefined) return optional === true || devOptional === true;
      return there.version === version && there.integrity === integrity;
    });
}

/**
 * @param {string} text
 * @returns {Record<string, LockedPackage>}
 */
function packagesOf(text) {
  try {
    return JSON.parse(text).packages ?? {};
  } catch {
    return {}; // Cut off while it was written: not installed, then.
  }
}

/** What npm prints when something fails, and what to say of it. */
const REASONS = /** @type {const} */ ([
  [/ENOSPC/, 'The disk is full: free some space and start again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/,
    'The npm registry cannot be reached: check the network (or npm\'s "registry" and "proxy" settings) and start again.',
  ],
  [/EACCES|EPERM|EROFS/, 'npm may not write here: give this user the folder, or take another.'],
  [
    /E404|ETARGET|notarget/,
    'The npm registry in use lacks a package that Yike needs: use one that has all of npm.',
  ],
  [
    /EUSAGE|can only install packages when/,
    'package.json and package-lock.json do not agree: run "npm install" once.',
  ],
]);

/**
 * The one sentence for a failed npm.
 * @param {string} output what it printed
 */
export function npmFailure(output) {
  const known = REASONS.find(([pattern]) => pattern.test(output));
  if (known !== undefined) return new InstallFailure(known[1]);
  const said = /npm (?:error|ERR!) (?!code)(.+)/.exec(output)?.[1] ?? 'it gave no reason';
  return new InstallFailure(`npm could not install the dependencies: ${said.trim()}.`);
}
