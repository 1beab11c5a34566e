import { Injectable } from '@nestjs/common';
import type { VerdictReason } from '@yike/contracts/http/viewing';
import type { LineageId, PlaybackId, UserId } from '@yike/contracts/ids';
import type { Interval } from '../../domain/intervals.ts';
import type { Verdict, VerdictChanges } from '../../domain/verdicts.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

interface Row {
  readonly playbackId: PlaybackId;
  readonly fromMs: number;
  readonly toMs: number;
  readonly mediaFromMs: number | null;
  readonly mediaToMs: number | null;
  readonly reason: VerdictReason;
}

interface SessionVerdict {
  readonly id: PlaybackId;
  readonly verdict: Verdict;
}

const COLUMNS = `v.playback_id AS "playbackId", lower(v.clock) AS "fromMs", upper(v.clock) AS "toMs",
  lower(v.media) AS "mediaFromMs", upper(v.media) AS "mediaToMs", v.reason`;

const printRange = ({ fromMs, toMs }: Interval): string => `[${fromMs},${toMs})`;

@Injectable()
export class VerdictsRepository {
  /** The verdicts of each session that reach beyond a moment, in the order of the clock. */
  async after(
    wanted: readonly { id: PlaybackId; fromMs: number }[],
    tx: Tx,
  ): Promise<Map<PlaybackId, Verdict[]>> {
    const rows = await tx.query<Row[]>(
      `SELECT ${COLUMNS} FROM unnest($1::uuid[], $2::int8[]) AS w (id, from_ms)
       JOIN verdicts v ON v.playback_id = w.id AND upper(v.clock) > w.from_ms ORDER BY v.playback_id, upper(v.clock)`,
      [wanted.map(({ id }) => id), wanted.map(({ fromMs }) => fromMs)],
    );
    const grouped = Map.groupBy(rows, ({ playbackId }) => playbackId);
    return new Map(Array.from(grouped, ([id, found]) => [id, found.map(verdictOf)]));
  }

  /** All verdicts of these sessions. */
  ofPlaybacks(ids: readonly PlaybackId[], tx: Tx): Promise<Map<PlaybackId, Verdict[]>> {
    return this.after(
      ids.map((id) => ({ id, fromMs: 0 })),
      tx,
    );
  }

  /** Where the last verdict of a session ends; 0 before any. */
  async endMs(playbackId: string, tx: Tx): Promise<number> {
    const [row] = await tx.query<{ ms: number }[]>(
      'SELECT upper(clock) AS ms FROM verdicts WHERE playback_id = $1 ORDER BY upper(clock) DESC LIMIT 1',
      [playbackId],
    );
    return row?.ms ?? 0;
  }

  /** Writes what a judgement changed, and nothing else. */
  async change(changes: readonly ({ readonly id: PlaybackId } & VerdictChanges)[], tx: Tx): Promise<void> {
    await this.#remove(rowsOf(changes, 'gone'), tx);
    await this.#insert(rowsOf(changes, 'added'), tx);
  }

  async #remove(rows: readonly SessionVerdict[], tx: Tx): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(
      `DELETE FROM verdicts v USING unnest($1::uuid[], $2::int8[]) AS g (id, to_ms)
       WHERE v.playback_id = g.id AND upper(v.clock) = g.to_ms`,
      [rows.map(({ id }) => id), rows.map(({ verdict }) => verdict.clock.toMs)],
    );
  }

  async #insert(rows: readonly SessionVerdict[], tx: Tx): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(
      `INSERT INTO verdicts (playback_id, clock, media, reason)
       SELECT id, clock::int8range, media::int8range, reason
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS v (id, clock, media, reason)`,
      [
        rows.map(({ id }) => id),
        rows.map(({ verdict }) => printRange(verdict.clock)),
        rows.map(({ verdict }) => verdict.media && printRange(verdict.media)),
        rows.map(({ verdict }) => verdict.reason),
      ],
    );
  }

  /** Played time that awaits its evidence, in ms, in the order of the residents and lineages. */
  async pendingOfPairs(
    pairs: readonly { readonly userId: UserId; readonly lineageId: LineageId }[],
    tx: Tx,
  ): Promise<number[]> {
    const rows = await tx.query<{ place: number; ms: number }[]>(
      `SELECT w.place::int4 AS place, sum(upper(v.clock) - lower(v.clock))::int8 AS ms
       FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS w (user_id, lineage_id, place)
       JOIN playbacks p ON p.user_id = w.user_id AND p.lineage_id = w.lineage_id AND NOT p.is_settled
       JOIN verdicts v ON v.playback_id = p.id AND v.reason = 'pending' AND v.media IS NOT NULL GROUP BY w.place`,
      [pairs.map(({ userId }) => userId), pairs.map(({ lineageId }) => lineageId)],
    );
    const ms = new Map(rows.map((row) => [row.place, row.ms]));
    return pairs.map((_, index) => ms.get(index + 1) ?? 0);
  }

  /** Played time of a resident that awaits its evidence, in ms. */
  async pendingMs(userId: UserId, tx: Tx): Promise<number> {
    const [{ ms } = { ms: 0 }] = await tx.query<{ ms: number }[]>(
      `SELECT COALESCE(sum(upper(v.clock) - lower(v.clock)), 0)::int8 AS ms FROM playbacks p
       JOIN verdicts v ON v.playback_id = p.id AND v.reason = 'pending' AND v.media IS NOT NULL
       WHERE p.user_id = $1 AND NOT p.is_settled`,
      [userId],
    );
    return ms;
  }
}

const rowsOf = (
  changes: readonly ({ readonly id: PlaybackId } & VerdictChanges)[],
  which: keyof VerdictChanges,
): SessionVerdict[] =>
  changes.flatMap(({ id, [which]: verdicts }) => verdicts.map((verdict) => ({ id, verdict })));

const verdictOf = ({ fromMs, toMs, mediaFromMs, mediaToMs, reason }: Row): Verdict => ({
  clock: { fromMs, toMs },
  media: mediaFromMs === null || mediaToMs === null ? null : { fromMs: mediaFromMs, toMs: mediaToMs },
  reason,
});
