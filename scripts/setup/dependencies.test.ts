import { expect, it } from 'vitest';
import { isInstalled, npmFailure } from './dependencies.mjs';

const lock = (packages: Record<string, object>): string => JSON.stringify({ packages });
const wanted = lock({
  '': { name: 'yike' },
  contracts: { version: '0.1.0' },
  'node_modules/@yike/contracts': { resolved: 'contracts', link: true },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
  'node_modules/esbuild-mac': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  'api/node_modules/pg': { version: '8.0.0', integrity: 'sha512-c' },
});
const zod = { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' } };
const pg = { 'api/node_modules/pg': { version: '8.0.0', integrity: 'sha512-c' } };

it.each([
  { name: 'nothing there', installed: undefined, is: false },
  { name: 'all but another platform’s', installed: lock({ ...zod, ...pg }), is: true },
  { name: 'one missing', installed: lock(zod), is: false },
  {
    name: 'another version',
    installed: lock({ ...zod, ...pg, 'node_modules/zod': { version: '4.6.8' } }),
    is: false,
  },
  {
    name: 'more than wanted',
    installed: lock({ ...zod, ...pg, 'node_modules/x': { version: '1' } }),
    is: true,
  },
  { name: 'cut off', installed: wanted.slice(0, 50), is: false },
])('$name: $is', ({ installed, is }) => expect(isInstalled(wanted, installed)).toBe(is));

it.each([
  { output: 'npm error code ENOSPC\nnpm error nospc', says: 'disk is full' },
  { output: 'npm error code ENOTFOUND', says: 'cannot be reached' },
  { output: 'npm ERR! code E404\nnpm ERR! 404 Not Found', says: 'lacks a package' },
  { output: 'npm ERR! code EWHAT\nnpm ERR! something odd', says: 'something odd' },
  { output: '', says: 'it gave no reason' },
])('one sentence for: $output', ({ output, says }) => {
  expect(npmFailure(output).message).toContain(says);
  expect(npmFailure(output).message).not.toContain('\n');
});
