// Prints the JavaScript that the first visit of each page fetches, as brotli sends it, and fails above the limit.
// Pages that hold a player are shown and not limited: its own code is part of theirs.
// Usage, after a build: node portal/scripts/size.mjs [folder of the build]
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const LIMIT_KB = 100;
const WITH_PLAYER = ['/(public)/courses/[id]', '/live/[lectureId]'];
const build = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..', 'build'));
const inServer = (/** @type {string[]} */ ...parts) => path.join(build, 'server', ...parts);

/** @param {string} file as pages name it: `_app/immutable/…` */
const brotliBytes = (file) => readFileSync(path.join(build, 'client', `${file}.br`)).length;

/** @param {Iterable<string>} files */
const kilobytes = (files) =>
  [...new Set(files)]
    .filter((file) => file.endsWith('.js'))
    .reduce((sum, file) => sum + brotliBytes(file), 0) / 1000;

/** The words of one language: fetched by every first visit, though imported on demand; the longer ones count. */
function longestDictionary() {
  const folder = '_app/immutable/chunks';
  const [longest] = readdirSync(path.join(build, 'client', folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `${folder}/${name}`)
    .filter((file) => readFileSync(path.join(build, 'client', file), 'utf8').includes('app.tagline'))
    .filter((file) => !isLoader(file))
    .sort((one, other) => brotliBytes(other) - brotliBytes(one));
  if (longest === undefined) throw new Error(`no dictionary in ${build}`);
  return longest;
}

/** A chunk of code that only names a key. @param {string} file */
const isLoader = (file) => !readFileSync(path.join(build, 'client', file), 'utf8').includes('app.skip');

/** @param {string} file */
const importBuilt = (file) => import(pathToFileURL(file).href);

/** @param {string} name @returns {Promise<{ imports: string[], component?: () => Promise<unknown> }>} */
const node = (name) => importBuilt(inServer('nodes', name));

const { manifest } = await importBuilt(inServer('manifest-full.js'));
const frame = [...manifest.client.imports, ...(await node('0.js')).imports, longestDictionary()];

/** @type {{ id: string, page: { layouts: (number | undefined)[], leaf: number } | null }[]} */
const routes = manifest.routes;
let largest = 0;
for (const { id, page } of routes) {
  if (page === null) continue;
  const nodes = [...page.layouts, page.leaf].filter((index) => index !== undefined && index !== 0);
  const own = await Promise.all(nodes.map(async (index) => (await node(`${index}.js`)).imports));
  const size = kilobytes([...frame, ...own.flat()]);
  const hasPlayer = WITH_PLAYER.includes(id);
  if (!hasPlayer) largest = Math.max(largest, size);
  console.log(`${size.toFixed(1).padStart(6)} kB  ${id}${hasPlayer ? '  (with the player)' : ''}`);
}
console.log(`largest first load: ${largest.toFixed(1)} kB of JavaScript (brotli), limit ${LIMIT_KB} kB`);
if (largest > LIMIT_KB) process.exitCode = 1;
