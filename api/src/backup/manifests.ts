import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NotFound } from '@yike/storage/errors';
import { parseManifestKey } from '@yike/storage/keys';
import type { ObjectStore } from '@yike/storage/object-store';
import { type BackupFile, BackupRefused, manifestFile } from './backup-file.ts';

type SavedManifest = BackupFile['manifests'][number];

const COLLECTIONS = ['recordings/', 'assets/'];
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The keys of all manifests in storage, in order. */
export async function* manifestKeys(store: Pick<ObjectStore, 'list'>): AsyncGenerator<string> {
  for (const collection of COLLECTIONS) {
    for await (const { key } of store.list(collection)) {
      if (parseManifestKey(key) !== undefined) yield key;
    }
  }
}

/** Copies every manifest to the folder. */
export async function saveManifests(store: ObjectStore, folder: string): Promise<SavedManifest[]> {
  const saved: SavedManifest[] = [];
  for await (const key of manifestKeys(store)) {
    const bytes = await store.getBuffer(key);
    const file = manifestFile(folder, key);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, bytes, { mode: 0o600, flush: true });
    saved.push({ key, sha256: sha256Of(bytes) });
  }
  return saved;
}

/**
 * Puts back the manifests that storage lacks. One that is there stays, whatever it says: storage is the truth, and a recorder may have
 * gone on after the backup.
 * @returns how many were put back
 * @throws BackupRefused where a file is not what the backup says
 */
export async function restoreManifests(
  store: ObjectStore,
  folder: string,
  manifests: readonly SavedManifest[],
): Promise<number> {
  let restored = 0;
  for (const { key, sha256 } of manifests) {
    if (parseManifestKey(key) === undefined) throw new BackupRefused(`${key} is no manifest's name.`);
    if (await isThere(store, key)) continue;
    const bytes = await readFile(manifestFile(folder, key));
    if (sha256Of(bytes) !== sha256)
      throw new BackupRefused(`The manifest ${key} is not that of the backup: its file was damaged.`);
    await store.put(key, bytes, { sha256, contentType: 'application/json' });
    restored += 1;
  }
  return restored;
}

async function isThere(store: ObjectStore, key: string): Promise<boolean> {
  try {
    await store.head(key);
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
