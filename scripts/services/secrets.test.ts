import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addMasterKey, ensureSecrets } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'yike-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('are made once, for their owner alone', () => {
  const secrets = ensureSecrets(folder);
  expect(ensureSecrets(folder)).toEqual(secrets);
  expect(statSync(path.join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length);
});

it('get a new master key in front of the old ones', () => {
  const before = ensureSecrets(folder);
  addMasterKey(folder);
  const { personalDataKeys, ...others } = ensureSecrets(folder);
  expect(personalDataKeys).toMatch(new RegExp(`^[0-9a-f]{48},${before.personalDataKeys}$`));
  expect({ ...others, personalDataKeys: before.personalDataKeys }).toEqual(before);
});
