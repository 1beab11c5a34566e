import { newId, UserId } from '@yike/contracts/ids';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data/personal-data-cipher.ts';
import type { Tx } from '../../../platform/database/unit-of-work.ts';
import { PersonKeyEntity } from '../person-key.entity.ts';
import { RealNameEntity } from '../real-name.entity.ts';
import { type Person, sealPerson } from '../sealing.ts';
import { personNumber } from './person-number.ts';

const CHUNK = 1_000;

/** Adds users like the demo's resident, whatever columns there are. */
export async function addUsers(
  api: { sql(text: string, values: unknown[]): Promise<unknown> },
  count: number,
): Promise<UserId[]> {
  const ids = Array.from({ length: count }, () => newId(UserId));
  await api.sql(
    `INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object('id', made.id, 'username', made.id))).*
     FROM users u, unnest($1::uuid[]) AS made (id) WHERE u.username = 'resident'`,
    [ids],
  );
  return ids;
}

/** Keeps people as registering would, many at a time. */
export async function addPeople(
  userIds: readonly UserId[],
  cipher: PersonalDataCipher,
  tx: Tx,
  personOf: (n: number) => Person = personNumber,
): Promise<void> {
  for (let from = 0; from < userIds.length; from += CHUNK) {
    const sealed = userIds
      .slice(from, from + CHUNK)
      .map((userId, n) => sealPerson(userId, personOf(from + n), cipher));
    await tx.insert(
      PersonKeyEntity,
      sealed.map(({ key }) => key),
    );
    await tx.insert(
      RealNameEntity,
      sealed.map(({ row }) => row),
    );
  }
}
