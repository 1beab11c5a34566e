import { Injectable } from '@nestjs/common';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { type AuditEntry, type AuditHead, NO_ENTRY } from '../../domain/audit/entry.ts';
import { rangeOf } from '../../domain/organisations/paths.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

/** One writer of the log at a time: a number of ours among PostgreSQL's advisory locks. */
const LOG_LOCK = 7_133_002;
const BATCH = 1_000;

/** What is looked for; what is undefined does not matter. */
export interface AuditFilter {
  /** Parts of the tree; an empty path is the whole house. */
  readonly scopes: readonly string[];
  readonly actorId?: UserId | undefined;
  readonly action?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

const COLUMNS = `seq, id, at_ms AS "atMs", actor_id AS "actorId", acting_as AS "actingAs", action, subject_kind AS "subjectKind",
  subject_id AS "subjectId", org_unit_id AS "orgUnitId", org_path AS "orgPath", before, after, reason,
  request_id AS "requestId", origin, previous_hash AS "previousHash", hash`;

/** A row as the chain knows it; its organisation is one of ours. */
export type AuditRow = AuditEntry & { readonly actorId: UserId | null; readonly orgUnitId: OrgUnitId | null };

/** The log. There is no way here to change what is written, nor in the database. */
@Injectable()
export class AuditRepository {
  /** The last entry, which no other transaction can follow before this one ends. */
  async lockHead(tx: Tx): Promise<AuditHead> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOG_LOCK]);
    const [head] = await tx.query<AuditHead[]>(
      'SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1',
    );
    return head ?? NO_ENTRY;
  }

  async insert(entry: AuditEntry, tx: Tx): Promise<void> {
    await tx.query(
      `INSERT INTO audit_entries (seq, id, at_ms, actor_id, acting_as, action, subject_kind, subject_id, org_unit_id, org_path,
         before, after, reason, request_id, origin, previous_hash, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        ...[entry.seq, entry.id, entry.atMs, entry.actorId, entry.actingAs, entry.action],
        ...[entry.subjectKind, entry.subjectId, entry.orgUnitId, entry.orgPath],
        ...[JSON.stringify(entry.before), JSON.stringify(entry.after)],
        ...[entry.reason, entry.requestId, entry.origin, entry.previousHash, entry.hash],
      ],
    );
  }

  /** Newest first, before `beforeSeq`; of the whole house (of no organisation) only for who sees all of it. */
  find(filter: AuditFilter, page: { beforeSeq: number | null; limit: number }, tx: Tx): Promise<AuditRow[]> {
    const { from, to } = rangesOf(filter.scopes);
    return tx.query<AuditRow[]>(
      `SELECT ${COLUMNS} FROM audit_entries e
       WHERE ($1::boolean OR org_unit_id IN (
           SELECT o.id FROM org_units o JOIN unnest($2::text[], $3::text[]) AS part (from_path, to_path)
             ON o.path >= part.from_path COLLATE "C" AND o.path < part.to_path COLLATE "C"))
         AND ($4::uuid IS NULL OR actor_id = $4) AND ($5::text IS NULL OR action = $5)
         AND ($6::uuid IS NULL OR subject_id = $6)
         AND ($7::int8 IS NULL OR at_ms >= $7) AND ($8::int8 IS NULL OR at_ms < $8)
         AND ($9::int8 IS NULL OR seq < $9)
       ORDER BY seq DESC LIMIT $10`,
      [
        ...[filter.scopes.includes(''), from, to],
        ...[filter.actorId, filter.action, filter.subjectId, filter.fromMs, filter.toMs],
        ...[page.beforeSeq, page.limit],
      ],
    );
  }

  /** All of it from the first on, a batch at a time. */
  async *all(tx: Tx): AsyncGenerator<AuditEntry> {
    for (let after = 0; ;) {
      const entries = await tx.query<AuditEntry[]>(
        `SELECT ${COLUMNS} FROM audit_entries WHERE seq > $1 ORDER BY seq LIMIT ${BATCH}`,
        [after],
      );
      yield* entries;
      const last = entries.at(-1);
      if (last === undefined) return;
      after = last.seq;
    }
  }
}

const rangesOf = (scopes: readonly string[]) => {
  const ranges = scopes.map(rangeOf);
  return { from: ranges.map(({ from }) => from), to: ranges.map(({ to }) => to) };
};
