import { Injectable } from '@nestjs/common';
import type { LineageId, UnitId, UserId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { type UserUnit, userUnitKey } from './user-unit.ts';

export interface Completion {
  readonly userId: UserId;
  readonly unitId: UnitId;
  readonly lineageId: LineageId;
  readonly validMs: number;
  readonly requiredMs: number;
  readonly policyVersion: number;
  readonly completedAt: Date;
}

@Injectable()
export class CompletionsRepository {
  /** The units that a resident has completed, of those asked for. */
  async completedOf(userId: UserId, unitIds: readonly UnitId[], tx: Tx): Promise<Set<UnitId>> {
    const rows = await tx.query<{ unit_id: UnitId }[]>(
      'SELECT unit_id FROM completions WHERE user_id = $1 AND unit_id = ANY($2)',
      [userId, unitIds],
    );
    return new Set(rows.map(({ unit_id }) => unit_id));
  }

  /** Of these residents and units, which are completed, as `<user> <unit>`. */
  async completedPairs(pairs: readonly UserUnit[], tx: Tx): Promise<Set<string>> {
    if (pairs.length === 0) return new Set();
    const rows = await tx.query<UserUnit[]>(
      `SELECT c.user_id AS "userId", c.unit_id AS "unitId" FROM unnest($1::uuid[], $2::uuid[]) AS w (user_id, unit_id)
       JOIN completions c ON c.user_id = w.user_id AND c.unit_id = w.unit_id`,
      [pairs.map(({ userId }) => userId), pairs.map(({ unitId }) => unitId)],
    );
    return new Set(rows.map(userUnitKey));
  }

  /** Who has completed any unit of a lineage. */
  async completedBy(lineageId: LineageId, tx: Tx): Promise<Set<UserId>> {
    const rows = await tx.query<{ user_id: UserId }[]>(
      'SELECT DISTINCT user_id FROM completions WHERE lineage_id = $1',
      [lineageId],
    );
    return new Set(rows.map(({ user_id }) => user_id));
  }

  /** A completion is once and for all. */
  async insert(completion: Completion, tx: Tx): Promise<void> {
    await tx.query(
      `INSERT INTO completions (user_id, unit_id, lineage_id, valid_ms, required_ms, policy_version, completed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [
        completion.userId,
        completion.unitId,
        completion.lineageId,
        completion.validMs,
        completion.requiredMs,
        completion.policyVersion,
        completion.completedAt,
      ],
    );
  }
}
