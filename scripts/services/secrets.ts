import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const NAMES = [
  'postgresPassword',
  'ownerPassword',
  'appPassword',
  's3AccessKey',
  's3SecretKey',
  'mediaNodeSecret',
  'appSecret',
  'personalDataKeys',
  'personalDataIndexKey',
] as const;

/** What the parts of one data folder prove themselves with; 48 hexadecimal digits each, `personalDataKeys` several of them, separated by commas, after a rotation. */
export type Secrets = Record<(typeof NAMES)[number], string>;

/**
 * A new master key for personal data, in front of those that were. The old ones stay, since they still open what was wrapped before.
 * Whoever runs already does not know it.
 */
export function addMasterKey(dataFolder: string): void {
  const secrets = ensureSecrets(dataFolder);
  write(dataFolder, { ...secrets, personalDataKeys: `${newSecret()},${secrets.personalDataKeys}` });
}

/** Reads the data folder's secrets, making those that are missing. The file is for its owner alone (0600). */
export function ensureSecrets(dataFolder: string): Secrets {
  const file = fileIn(dataFolder);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const made = NAMES.map((name) => [name, kept[name] ?? newSecret()] as const);
  const secrets = Object.fromEntries(made) as Secrets; // `made` has every name.
  if (made.some(([name]) => kept[name] === undefined)) write(dataFolder, secrets);
  return secrets;
}

const fileIn = (dataFolder: string): string => path.join(dataFolder, 'secrets.json');
const newSecret = (): string => randomBytes(24).toString('hex');

function write(dataFolder: string, secrets: Secrets): void {
  const unfinished = `${fileIn(dataFolder)}.new`;
  writeFileSync(unfinished, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, fileIn(dataFolder));
}
