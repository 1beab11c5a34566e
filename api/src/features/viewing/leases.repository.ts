import { Injectable } from '@nestjs/common';
import type { PlaybackId, UserId } from '@yike/contracts/ids';
import type { Interval, IntervalSet } from '../../domain/intervals.ts';
import { unite } from '../../domain/intervals.ts';
import type { LeaseState, LeaseTaken } from '../../domain/lease.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

interface Row {
  readonly userId: UserId;
  readonly playbackId: PlaybackId | null;
  readonly sinceMs: number | null;
  readonly lastEndMs: number;
}

/** A lease as it is stored; how far its holder's time is judged stands in the verdicts. */
export type StoredLease = Omit<LeaseState, 'judgedToMs'>;

/** A tenure that still runs reaches as far as an interval can. */
const OPEN_END_MS = Number.MAX_SAFE_INTEGER;

/** One row for each resident who ever opened a session: whoever changes their time locks it first. */
@Injectable()
export class LeasesRepository {
  async ensure(userId: UserId, tx: Tx): Promise<void> {
    await tx.query('INSERT INTO leases (user_id) VALUES ($1) ON CONFLICT DO NOTHING', [userId]);
  }

  /** Locks the residents' time until the transaction ends, always in the same order. */
  async lock(userIds: readonly UserId[], tx: Tx): Promise<Map<UserId, StoredLease>> {
    const rows = await tx.query<Row[]>(
      `SELECT user_id AS "userId", playback_id AS "playbackId", since_ms AS "sinceMs", last_end_ms AS "lastEndMs"
       FROM leases WHERE user_id = ANY($1) ORDER BY user_id FOR UPDATE`,
      [[...new Set(userIds)]],
    );
    return new Map(rows.map((row) => [row.userId, stateOf(row)]));
  }

  /** Writes that a session took the lease. */
  async take(userId: UserId, playbackId: PlaybackId, { sinceMs, ended }: LeaseTaken, tx: Tx): Promise<void> {
    if (ended !== null) await this.endTenure(ended.playbackId, ended.atMs, tx);
    await tx.query('INSERT INTO lease_tenures (playback_id, from_ms) VALUES ($1, $2)', [playbackId, sinceMs]);
    await tx.query(
      `UPDATE leases SET playback_id = $2, since_ms = $3, last_end_ms = GREATEST(last_end_ms, $4) WHERE user_id = $1`,
      [userId, playbackId, sinceMs, ended?.atMs ?? 0],
    );
  }

  /** A session that ends gives the lease back, if it holds it. */
  async release(userId: UserId, playbackId: PlaybackId, atMs: number, tx: Tx): Promise<void> {
    await this.endTenure(playbackId, atMs, tx);
    await tx.query(
      `UPDATE leases SET playback_id = NULL, last_end_ms = GREATEST(last_end_ms, since_ms, $3), since_ms = NULL
       WHERE user_id = $1 AND playback_id = $2`,
      [userId, playbackId, atMs],
    );
  }

  /** When each session held the lease. */
  async tenures(playbackIds: readonly PlaybackId[], tx: Tx): Promise<Map<PlaybackId, IntervalSet>> {
    const rows = await tx.query<{ playbackId: PlaybackId; fromMs: number; toMs: number | null }[]>(
      `SELECT playback_id AS "playbackId", from_ms AS "fromMs", to_ms AS "toMs" FROM lease_tenures
       WHERE playback_id = ANY($1)`,
      [playbackIds],
    );
    const tenures = Map.groupBy(rows, ({ playbackId }) => playbackId);
    return new Map(
      Array.from(tenures, ([id, held]) => [
        id,
        unite(held.map(({ fromMs, toMs }): Interval => ({ fromMs, toMs: toMs ?? OPEN_END_MS }))),
      ]),
    );
  }

  private async endTenure(playbackId: string, atMs: number, tx: Tx): Promise<void> {
    await tx.query(
      'UPDATE lease_tenures SET to_ms = GREATEST(from_ms, $2) WHERE playback_id = $1 AND to_ms IS NULL',
      [playbackId, atMs],
    );
  }
}

const stateOf = ({ playbackId, sinceMs, lastEndMs }: Row): StoredLease => ({
  holder: playbackId === null || sinceMs === null ? null : { playbackId, sinceMs },
  lastEndMs,
});
