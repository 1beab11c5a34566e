import { Injectable } from '@nestjs/common';
import type { LedgerAsset } from '@yike/contracts/http/bank';
import { AccountId } from '@yike/contracts/ids';
import type { UserId } from '@yike/contracts/ids';
import {
  type ChainedLeg,
  type ChainHead,
  GENESIS,
  type LedgerEntry,
  type LedgerLeg,
} from '../../domain/ledger.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';

export interface BookedLeg {
  readonly leg: ChainedLeg;
  readonly entry: LedgerEntry;
}

export interface AssetSums {
  readonly asset: LedgerAsset;
  readonly accounts: number;
  readonly entries: number;
  readonly sum: number;
  readonly issued: number;
}

/** How an entry reads in SQL: the shape of {@link LedgerEntry}. */
const ENTRY = `jsonb_build_object('id', e.id, 'asset', e.asset, 'kind', e.kind, 'fromAccountId', e.from_account_id,
  'toAccountId', e.to_account_id, 'amount', e.amount, 'bookedAtMs', e.booked_at_ms, 'policyVersion', e.policy_version,
  'idempotencyKey', e.idempotency_key, 'evidence', e.evidence) AS entry`;
const LEG = `jsonb_build_object('entryId', l.entry_id, 'accountId', l.account_id, 'delta', l.delta, 'position', l.position,
  'balanceAfter', l.balance_after, 'prevHash', l.prev_hash, 'hash', l.hash) AS leg`;

/** Accounts, entries and their sides. There is no way here to change what is written, nor in the database. */
@Injectable()
export class LedgerRepository {
  constructor(private readonly ids: Ids) {}

  /** The resident's account of an asset, opened where it is missing. */
  async residentAccount(userId: UserId, asset: LedgerAsset, tx: Tx): Promise<AccountId> {
    await tx.query('INSERT INTO accounts (id, asset, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      this.ids.next(AccountId),
      asset,
      userId,
    ]);
    const [account] = await tx.query<{ id: AccountId }[]>(
      'SELECT id FROM accounts WHERE user_id = $1 AND asset = $2',
      [userId, asset],
    );
    if (account === undefined) throw new Error('the account is not there');
    return account.id;
  }

  async issuerAccounts(asset: LedgerAsset, tx: Tx): Promise<AccountId[]> {
    const accounts = await tx.query<{ id: AccountId }[]>(
      'SELECT id FROM accounts WHERE asset = $1 AND issuer_shard IS NOT NULL ORDER BY issuer_shard',
      [asset],
    );
    return accounts.map(({ id }) => id);
  }

  /** One writer at a time per resident's account, until the transaction ends. */
  async lock(accountId: AccountId, tx: Tx): Promise<void> {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('account:' || $1, 0))", [accountId]);
  }

  async head(accountId: AccountId, tx: Tx): Promise<ChainHead> {
    const [head] = await tx.query<ChainHead[]>(
      `SELECT position, balance_after AS balance, hash FROM ledger_legs
       WHERE account_id = $1 AND position IS NOT NULL ORDER BY position DESC LIMIT 1`,
      [accountId],
    );
    return head ?? GENESIS;
  }

  async isBooked(idempotencyKey: string, tx: Tx): Promise<boolean> {
    const found = await tx.query<unknown[]>('SELECT 1 FROM ledger_entries WHERE idempotency_key = $1', [
      idempotencyKey,
    ]);
    return found.length > 0;
  }

  async insert(entry: LedgerEntry, legs: readonly (LedgerLeg | ChainedLeg)[], tx: Tx): Promise<void> {
    await tx.query(
      `INSERT INTO ledger_entries (id, asset, kind, from_account_id, to_account_id, amount, booked_at_ms, policy_version,
         idempotency_key, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        entry.id,
        entry.asset,
        entry.kind,
        entry.fromAccountId,
        entry.toAccountId,
        entry.amount,
        entry.bookedAtMs,
        entry.policyVersion,
        entry.idempotencyKey,
        JSON.stringify(entry.evidence),
      ],
    );
    await tx.query(
      `INSERT INTO ledger_legs (entry_id, account_id, delta, position, balance_after, prev_hash, hash)
       SELECT "entryId", "accountId", delta, position, "balanceAfter", "prevHash", hash
       FROM jsonb_to_recordset($1::jsonb) AS l ("entryId" uuid, "accountId" uuid, delta int8, position int4,
         "balanceAfter" int8, "prevHash" text, hash text)`,
      [JSON.stringify(legs)],
    );
  }

  /** Class time of a lineage that is posted to the resident already, in seconds. */
  async postedSeconds(userId: UserId, lineageId: string, tx: Tx): Promise<number> {
    const [{ sum } = { sum: 0 }] = await tx.query<{ sum: number }[]>(
      `SELECT COALESCE(sum(l.delta), 0)::int8 AS sum FROM ledger_legs l
       JOIN accounts a ON a.id = l.account_id JOIN ledger_entries e ON e.id = l.entry_id
       WHERE a.user_id = $1 AND a.asset = 'class-time' AND e.evidence ->> 'lineageId' = $2`,
      [userId, lineageId],
    );
    return sum;
  }

  /** Seconds that lineages have posted to residents, in the order of the pairs. */
  async postedToPairs(
    pairs: readonly { readonly userId: UserId; readonly lineageId: string }[],
    tx: Tx,
  ): Promise<number[]> {
    const rows = await tx.query<{ place: number; seconds: number }[]>(
      `SELECT w.place::int4 AS place, sum(l.delta)::int8 AS seconds
       FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS w (user_id, lineage_id, place)
       JOIN accounts a ON a.user_id = w.user_id AND a.asset = 'class-time' JOIN ledger_legs l ON l.account_id = a.id
       JOIN ledger_entries e ON e.id = l.entry_id AND e.evidence ->> 'lineageId' = w.lineage_id GROUP BY w.place`,
      [pairs.map(({ userId }) => userId), pairs.map(({ lineageId }) => lineageId)],
    );
    const seconds = new Map(rows.map((row) => [row.place, row.seconds]));
    return pairs.map((_, index) => seconds.get(index + 1) ?? 0);
  }

  /** What a lineage has posted to everyone, in seconds. */
  async postedOf(lineageId: string, tx: Tx): Promise<Map<UserId, number>> {
    const rows = await tx.query<{ userId: UserId; seconds: number }[]>(
      `SELECT a.user_id AS "userId", sum(l.delta)::int8 AS seconds FROM ledger_entries e
       JOIN ledger_legs l ON l.entry_id = e.id JOIN accounts a ON a.id = l.account_id
       WHERE e.asset = 'class-time' AND e.evidence ->> 'lineageId' = $1 AND a.user_id IS NOT NULL GROUP BY a.user_id`,
      [lineageId],
    );
    return new Map(rows.map(({ userId, seconds }) => [userId, seconds]));
  }

  /** What a resident accrued under one policy version, in the asset's unit. */
  async accruedUnder(userId: UserId, asset: LedgerAsset, policyVersion: number, tx: Tx): Promise<number> {
    const [{ sum } = { sum: 0 }] = await tx.query<{ sum: number }[]>(
      `SELECT COALESCE(sum(l.delta), 0)::int8 AS sum FROM ledger_legs l
       JOIN accounts a ON a.id = l.account_id JOIN ledger_entries e ON e.id = l.entry_id
       WHERE a.user_id = $1 AND a.asset = $2 AND e.policy_version = $3 AND e.kind IN ('accrue', 'reverse')`,
      [userId, asset, policyVersion],
    );
    return sum;
  }

  /** The balances of a resident's accounts, by asset. */
  async balances(userId: UserId, tx: Tx): Promise<Map<LedgerAsset, number>> {
    const rows = await tx.query<{ asset: LedgerAsset; balance: number }[]>(
      `SELECT a.asset, COALESCE(sum(l.delta), 0)::int8 AS balance FROM accounts a
       LEFT JOIN ledger_legs l ON l.account_id = a.id WHERE a.user_id = $1 GROUP BY a.asset`,
      [userId],
    );
    return new Map(rows.map(({ asset, balance }) => [asset, balance]));
  }

  /** A resident's entries, latest first, before the given one. */
  statement(userId: UserId, beforeId: string | null, limit: number, tx: Tx): Promise<BookedLeg[]> {
    return tx.query(
      `SELECT ${LEG}, ${ENTRY} FROM accounts a JOIN ledger_legs l ON l.account_id = a.id
       JOIN ledger_entries e ON e.id = l.entry_id
       WHERE a.user_id = $1 AND ($2::uuid IS NULL OR e.id < $2) ORDER BY e.id DESC LIMIT $3`,
      [userId, beforeId, limit],
    );
  }

  sums(tx: Tx): Promise<AssetSums[]> {
    return tx.query(
      `SELECT a.asset, count(DISTINCT a.id) AS accounts, count(DISTINCT l.entry_id) AS entries,
         COALESCE(sum(l.delta), 0)::int8 AS sum,
         COALESCE(-sum(l.delta) FILTER (WHERE a.user_id IS NULL), 0)::int8 AS issued
       FROM accounts a LEFT JOIN ledger_legs l ON l.account_id = a.id GROUP BY a.asset ORDER BY a.asset DESC`,
    );
  }

  /** All chained legs, account by account and in order, after the given one. */
  chains(after: { accountId: string; position: number } | null, limit: number, tx: Tx): Promise<BookedLeg[]> {
    return tx.query(
      `SELECT ${LEG}, ${ENTRY} FROM ledger_legs l JOIN ledger_entries e ON e.id = l.entry_id
       WHERE l.position IS NOT NULL AND ($1::uuid IS NULL OR (l.account_id, l.position) > ($1, $2::int))
       ORDER BY l.account_id, l.position LIMIT $3`,
      [after?.accountId ?? null, after?.position ?? 0, limit],
    );
  }

  /** Residents' legs that stand in no chain: there must be none. */
  async unchained(tx: Tx): Promise<string | null> {
    const [leg] = await tx.query<{ entry_id: string }[]>(
      `SELECT l.entry_id FROM ledger_legs l JOIN accounts a ON a.id = l.account_id
       WHERE a.user_id IS NOT NULL AND l.position IS NULL LIMIT 1`,
    );
    return leg?.entry_id ?? null;
  }
}
