import { Injectable } from '@nestjs/common';
import type { UserId } from '@yike/contracts/ids';
import { In } from 'typeorm';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { PersonKeyEntity, type PersonKeyRow } from './person-key.entity.ts';
import { RealNameEntity, type RealNameRow } from './real-name.entity.ts';

/** A person as the database has them. */
export interface SealedPerson {
  readonly row: RealNameRow;
  /** Null where it was destroyed. */
  readonly key: PersonKeyRow | null;
}

/** Real names, and the keys of persons. */
@Injectable()
export class PeopleRepository {
  async insert(row: RealNameRow, key: PersonKeyRow, tx: Tx): Promise<void> {
    await tx.insert(PersonKeyEntity, key);
    await tx.insert(RealNameEntity, row);
  }

  async change(userId: UserId, change: Partial<RealNameRow>, tx: Tx): Promise<void> {
    await tx.update(RealNameEntity, { userId }, change);
  }

  async byIds(userIds: readonly UserId[], tx: Tx): Promise<SealedPerson[]> {
    const rows = await tx.findBy(RealNameEntity, { userId: In(userIds) });
    const keys = await tx.findBy(PersonKeyEntity, { userId: In(userIds) });
    const keyOf = new Map(keys.map((key) => [key.userId, key]));
    return rows.map((row) => ({ row, key: keyOf.get(row.userId) ?? null }));
  }

  /** Those who were registered under a guardian and may still be under age, by the year of their birth. */
  async countWards(guardianId: UserId, bornFrom: number, tx: Tx): Promise<number> {
    const rows: { count: number }[] = await tx.query(
      `SELECT count(*)::int AS count FROM real_names
       WHERE guardian_id = $1 AND (birth_year IS NULL OR birth_year >= $2)`,
      [guardianId, bornFrom],
    );
    return rows[0]?.count ?? 0;
  }

  /** Keeps the key as it is until the transaction ends. */
  async lockKey(userId: UserId, tx: Tx): Promise<PersonKeyRow | null> {
    return tx.findOne(PersonKeyEntity, { where: { userId }, lock: { mode: 'pessimistic_read' } });
  }

  async idByHmac(
    hmac: Pick<RealNameRow, 'phoneHmac'> | Pick<RealNameRow, 'numberHmac'>,
    tx: Tx,
  ): Promise<UserId | null> {
    const [column, value] =
      'phoneHmac' in hmac ? ['phone_hmac', hmac.phoneHmac] : ['number_hmac', hmac.numberHmac];
    const rows: { userId: UserId }[] = await tx.query(
      `SELECT user_id AS "userId" FROM real_names WHERE ${column} = $1`,
      [value],
    );
    return rows[0]?.userId ?? null;
  }
}
