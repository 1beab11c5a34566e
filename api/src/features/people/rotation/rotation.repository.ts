import type { UserId } from '@yike/contracts/ids';
import type { Tx } from '../../../platform/database/unit-of-work.ts';
import type { PersonKeyRow } from '../person-key.entity.ts';
import type { RealNameRow } from '../real-name.entity.ts';

/** A person's sealed values, to be sealed anew. */
export type SealedValues = Pick<RealNameRow, 'userId' | 'phoneCipher' | 'numberCipher'>;

/** How many persons have a key that another master key than this one wraps. */
export async function countOutdated(masterKeyId: string, tx: Tx): Promise<number> {
  const rows: { count: number }[] = await tx.query(
    'SELECT count(*)::int AS count FROM person_keys WHERE master_key_id <> $1',
    [masterKeyId],
  );
  return rows[0]?.count ?? 0;
}

/** The next ones of them behind a person, locked until the transaction ends. */
export function nextOutdated(
  masterKeyId: string,
  after: UserId | null,
  limit: number,
  tx: Tx,
): Promise<PersonKeyRow[]> {
  return tx.query(
    `SELECT user_id AS "userId", wrapped_key AS "wrappedKey", master_key_id AS "masterKeyId" FROM person_keys
     WHERE master_key_id <> $1 AND ($2::uuid IS NULL OR user_id > $2) ORDER BY user_id LIMIT $3 FOR UPDATE`,
    [masterKeyId, after, limit],
  );
}

export async function replaceKeys(keys: readonly PersonKeyRow[], tx: Tx): Promise<void> {
  await tx.query(
    `UPDATE person_keys SET wrapped_key = new.wrapped_key, master_key_id = new.master_key_id
     FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS new (user_id, wrapped_key, master_key_id)
     WHERE person_keys.user_id = new.user_id`,
    [
      keys.map(({ userId }) => userId),
      keys.map(({ wrappedKey }) => wrappedKey),
      keys.map(({ masterKeyId }) => masterKeyId),
    ],
  );
}

export function sealedValues(userIds: readonly UserId[], tx: Tx): Promise<SealedValues[]> {
  return tx.query(
    `SELECT user_id AS "userId", phone_cipher AS "phoneCipher", number_cipher AS "numberCipher" FROM real_names
     WHERE user_id = ANY ($1) FOR UPDATE`,
    [userIds],
  );
}

export async function replaceValues(values: readonly SealedValues[], tx: Tx): Promise<void> {
  await tx.query(
    `UPDATE real_names SET phone_cipher = new.phone_cipher, number_cipher = new.number_cipher
     FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS new (user_id, phone_cipher, number_cipher)
     WHERE real_names.user_id = new.user_id`,
    [
      values.map(({ userId }) => userId),
      values.map(({ phoneCipher }) => phoneCipher),
      values.map(({ numberCipher }) => numberCipher),
    ],
  );
}
