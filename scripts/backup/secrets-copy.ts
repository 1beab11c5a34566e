import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SetupFailure } from '../host/failure.ts';
import type { Secrets } from '../services/secrets.ts';

const fileIn = (folder: string): string => path.join(folder, 'secrets.json');

/** Copies the data folder's secrets into the backup: without `appSecret` no certificate could be verified any more. */
export function saveSecrets(dataFolder: string, backupFolder: string): void {
  copyFileSync(fileIn(dataFolder), fileIn(backupFolder), constants.COPYFILE_EXCL);
  chmodSync(fileIn(backupFolder), 0o600);
}

/**
 * Gives a new data folder the backup's secrets. A backup of a deployment has none: there they are the operator's.
 * @throws SetupFailure where the data folder has others already
 */
export function restoreSecrets(backupFolder: string, dataFolder: string): void {
  if (!existsSync(fileIn(backupFolder))) return;
  if (!existsSync(fileIn(dataFolder))) {
    mkdirSync(dataFolder, { recursive: true });
    copyFileSync(fileIn(backupFolder), fileIn(dataFolder));
    chmodSync(fileIn(dataFolder), 0o600);
    return;
  }
  const [kept, own] = [backupFolder, dataFolder].map((folder) => read(folder).appSecret);
  if (kept !== own)
    throw new SetupFailure(
      `${dataFolder} has secrets of its own, under which the backup's certificates are not valid: restore into a new folder.`,
    );
}

const read = (folder: string): Secrets => JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Secrets; // Ours alone.
