import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SetupFailure } from '../host/failure.ts';
import { shortHash } from '../host/paths.ts';
import type { Secrets } from '../services/secrets.ts';

const fileIn = (folder: string): string => path.join(folder, 'secrets.json');

/**
 * Copies the data folder's secrets into the backup: without `appSecret` no certificate could be verified any more. The newest ones lie
 * beside all backups too, as the keys of persons do, which a master key of today wraps.
 */
export function saveSecrets(dataFolder: string, backupFolder: string): void {
  copy(fileIn(dataFolder), fileIn(backupFolder));
  copy(fileIn(dataFolder), newestBeside(backupFolder));
}

/**
 * Gives a new data folder the backup's secrets. A backup of a deployment has none: there they are the operator's.
 * @throws SetupFailure where the data folder has others already
 */
export function restoreSecrets(backupFolder: string, dataFolder: string): void {
  if (!existsSync(fileIn(backupFolder))) return;
  if (!existsSync(fileIn(dataFolder))) {
    mkdirSync(dataFolder, { recursive: true });
    const newest = newestBeside(backupFolder);
    copy(existsSync(newest) ? newest : fileIn(backupFolder), fileIn(dataFolder));
    return;
  }
  const [kept, own] = [backupFolder, dataFolder].map((folder) => read(fileIn(folder)).appSecret);
  if (kept !== own)
    throw new SetupFailure(
      `${dataFolder} has secrets of its own, under which the backup's certificates are not valid: restore into a new folder.`,
    );
}

/** Of this data folder, whatever others have their backups there. */
function newestBeside(backupFolder: string): string {
  const { appSecret } = read(fileIn(backupFolder));
  return path.join(path.dirname(path.resolve(backupFolder)), `secrets-${shortHash(appSecret)}.json`);
}

function copy(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o600);
}

const read = (file: string): Secrets => JSON.parse(readFileSync(file, 'utf8')) as Secrets; // Ours alone.
