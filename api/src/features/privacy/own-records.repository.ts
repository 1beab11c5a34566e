import { Injectable } from '@nestjs/common';
import type { Consent } from '@yike/contracts/http/registration';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import type { OwnRecords } from './own-records.ts';

/** A consent with its moment. */
type GivenConsent = Consent & { readonly givenAt: Date };

/** Reads across the features, for a person's own eyes; like the backup it knows tables, not their owners. */
@Injectable()
export class OwnRecordsRepository {
  /** The rows as JSON texts, a few at a time, so that no archive is too large. */
  async *rows(records: OwnRecords, userId: UserId, tx: Tx): AsyncGenerator<string> {
    for (let after: string | null = null; ;) {
      const values: unknown[] = records.isPaged ? [userId, after] : [userId];
      const rows: { id?: string; row: string }[] = await tx.query(records.sql, values);
      for (const { row } of rows) yield row;
      after = rows.at(-1)?.id ?? null;
      if (after === null) return;
    }
  }

  async homeOf(userId: UserId, tx: Tx): Promise<{ id: OrgUnitId; name: string }> {
    const rows: { id: OrgUnitId; name: string }[] = await tx.query(
      'SELECT o.id, o.name FROM users u JOIN org_units o ON o.id = u.org_unit_id WHERE u.id = $1',
      [userId],
    );
    const [home] = rows;
    if (home === undefined) throw new Error('a user without an organisation');
    return home;
  }

  consentsOf(userId: UserId, tx: Tx): Promise<GivenConsent[]> {
    return tx.query(
      'SELECT text, version, given_at AS "givenAt" FROM consents WHERE user_id = $1 ORDER BY given_at, text',
      [userId],
    );
  }
}
