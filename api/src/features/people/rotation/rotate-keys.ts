import type { UserId } from '@yike/contracts/ids';
import type {
  PersonalDataCipher,
  SealContext,
} from '../../../platform/crypto/personal-data/personal-data-cipher.ts';
import type { Tx, UnitOfWork } from '../../../platform/database/unit-of-work.ts';
import type { PersonKeyRow } from '../person-key.entity.ts';
import {
  countOutdated,
  nextOutdated,
  replaceKeys,
  replaceValues,
  type SealedValues,
  sealedValues,
} from './rotation.repository.ts';

const BATCH = 500;

export interface Rotation {
  readonly cipher: PersonalDataCipher;
  readonly unitOfWork: Pick<UnitOfWork, 'run' | 'reader'>;
  /** Gives each person a new key too, and seals their values anew: for when keys of persons may be known. */
  readonly withDataKeys: boolean;
  /** Told after each batch. */
  readonly onProgress: (done: number, of: number) => void;
}

/**
 * Wraps every person's key by the present master key. Batches are transactions of their own, and who is done is known by the row itself:
 * killed at any moment, it goes on where it was when it is run again. Everything may run meanwhile.
 * @returns how many persons were rotated now, and how many have come under another master key meanwhile
 * @throws SealBroken where a key's master key is not among the given ones
 */
export async function rotateKeys(rotation: Rotation): Promise<{ done: number; left: number }> {
  const { cipher, unitOfWork, onProgress } = rotation;
  const outdated = await countOutdated(cipher.currentMasterKeyId, unitOfWork.reader);
  let done = 0;
  for (let last: UserId | null = null; ;) {
    const batch: PersonKeyRow[] = await unitOfWork.run((tx) => rotateBatch(rotation, last, tx));
    last = batch.at(-1)?.userId ?? null;
    if (last === null)
      return { done, left: await countOutdated(cipher.currentMasterKeyId, unitOfWork.reader) };
    done += batch.length;
    onProgress(done, Math.max(done, outdated));
  }
}

async function rotateBatch(
  { cipher, withDataKeys }: Rotation,
  after: UserId | null,
  tx: Tx,
): Promise<PersonKeyRow[]> {
  const batch = await nextOutdated(cipher.currentMasterKeyId, after, BATCH, tx);
  if (batch.length === 0) return batch;
  const kept = new Map(batch.map((key) => [key.userId, cipher.unwrap(key, key.userId)]));
  const wanted = withDataKeys ? new Map(batch.map(({ userId }) => [userId, cipher.newDataKey()])) : kept;
  const keys = Array.from(wanted, ([userId, key]) => ({ userId, ...cipher.wrap(key, userId) }));
  await replaceKeys(keys, tx);
  if (withDataKeys) {
    const values = await sealedValues(Array.from(kept.keys()), tx);
    await replaceValues(
      values.map((row) => sealedAnew(row, cipher, kept, wanted)),
      tx,
    );
  }
  return batch;
}

function sealedAnew(
  { userId, phoneCipher, numberCipher }: SealedValues,
  cipher: PersonalDataCipher,
  from: ReadonlyMap<UserId, Buffer>,
  to: ReadonlyMap<UserId, Buffer>,
): SealedValues {
  const [oldKey, newKey] = [from.get(userId), to.get(userId)];
  if (oldKey === undefined || newKey === undefined)
    throw new Error('a value without the key that was read with it');
  const again = (sealed: Buffer | null, field: SealContext['field']): Buffer | null => {
    const context = { userId, field };
    return sealed && cipher.seal(newKey, cipher.open(oldKey, sealed, context), context);
  };
  return { userId, phoneCipher: again(phoneCipher, 'phone'), numberCipher: again(numberCipher, 'number') };
}
