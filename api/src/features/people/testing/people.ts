import { newId, UserId } from '@yike/contracts/ids';
import { checkSign } from '../../../domain/identity/mainland-id.ts';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data/personal-data-cipher.ts';
import type { Tx } from '../../../platform/database/unit-of-work.ts';
import { PersonKeyEntity } from '../person-key.entity.ts';
import { RealNameEntity } from '../real-name.entity.ts';
import { type Person, sealPerson } from '../sealing.ts';

const CHUNK = 1_000;

/** The n-th person of a test: no two have the same phone or number. @param n from 0, below 10,000,000 */
export function personNumber(n: number): Person {
  const born = 1940 + (n % 60);
  const seventeen = `440305${born}${String(1 + (n % 12)).padStart(2, '0')}${String(1 + (Math.floor(n / 12) % 28)).padStart(2, '0')}`;
  const order = String(Math.floor(n / 336) % 1000).padStart(3, '0');
  return {
    name: '王秀英',
    phone: `139${String(n).padStart(8, '0')}`,
    document: { type: 'mainland-id', number: seventeen + order + checkSign(seventeen + order) },
    groups: ['migrant-worker'],
    guardianId: null,
    verifiedAt: new Date('2026-11-22T02:00:00Z'),
  };
}

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
