import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addMasterKey, ensureSecrets } from '../services/secrets.ts';
import { restoreSecrets, saveSecrets } from './secrets-copy.ts';

let root: string;
const folder = (name: string): string => path.join(root, name);
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'yike-secrets-'));
  for (const name of ['data', 'backup']) mkdirSync(folder(name));
});
afterEach(() => rmSync(root, { recursive: true }));

it('go into the backup for its owner alone, and out again', () => {
  const secrets = ensureSecrets(folder('data'));
  saveSecrets(folder('data'), folder('backup'));
  restoreSecrets(folder('backup'), folder('new'));
  expect(ensureSecrets(folder('new'))).toEqual(secrets);
  expect(statSync(path.join(folder('new'), 'secrets.json')).mode & 0o777).toBe(0o600);
  restoreSecrets(folder('backup'), folder('data'));
});

it('come out as they are today, where a master key was added since', () => {
  ensureSecrets(folder('data'));
  mkdirSync(folder('later backup'));
  saveSecrets(folder('data'), folder('backup'));
  addMasterKey(folder('data'));
  saveSecrets(folder('data'), folder('later backup'));
  restoreSecrets(folder('backup'), folder('new'));
  expect(ensureSecrets(folder('new'))).toEqual(ensureSecrets(folder('data')));
});

it('are not put over others', () => {
  ensureSecrets(folder('data'));
  saveSecrets(folder('data'), folder('backup'));
  ensureSecrets(root);
  expect(() => restoreSecrets(folder('backup'), root)).toThrow('restore into a new folder');
});

it('are not wanted of a backup without', () => {
  restoreSecrets(folder('backup'), folder('data'));
  expect(ensureSecrets(folder('data')).appSecret).toHaveLength(48);
});
