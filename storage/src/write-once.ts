import { PreconditionFailed } from './errors.ts';
import type { ObjectStore, PutBytesOptions, StoredObject } from './object-store.ts';
import { sha256Hex } from './sigv4.ts';

/**
 * Writes an immutable object so that it may be retried: if the key is taken by the very same bytes (our earlier attempt,
 * whose answer was lost) that is a success.
 * @throws PreconditionFailed if the key is taken by other bytes: another writer was here (fencing)
 */
export async function writeOnce(
  store: ObjectStore,
  key: string,
  bytes: Uint8Array,
  options: Omit<PutBytesOptions, 'ifNoneMatch'> = {},
): Promise<StoredObject> {
  const sha256 = options.sha256 ?? sha256Hex(bytes);
  try {
    return await store.put(key, bytes, { ...options, sha256, ifNoneMatch: '*' });
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    const stored = await store.head(key);
    const storedSha256 = stored.sha256 ?? sha256Hex(await store.getBuffer(key));
    if (storedSha256 !== sha256) throw error;
    return { key, etag: stored.etag };
  }
}
