import { Injectable } from '@nestjs/common';
import type { PlaybackMode } from '@yike/contracts/http/viewing';
import type { BroadcastId, CourseId, LineageId, PlaybackId, UnitId, UserId } from '@yike/contracts/ids';
import { type IntervalSet, parseIntervals, printIntervals } from '../../domain/intervals.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

/** One playback session. Moments are unix ms by the server. */
export interface Playback {
  readonly id: PlaybackId;
  readonly userId: UserId;
  readonly lineageId: LineageId;
  readonly mode: PlaybackMode;
  readonly unitId: UnitId | null;
  readonly courseId: CourseId | null;
  readonly broadcastId: BroadcastId | null;
  readonly title: string;
  /** The ranges of the timeline that it shows; null while a lecture runs. */
  readonly cut: IntervalSet | null;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
  /** When the client was last heard of. */
  readonly heardAtMs: number;
  /** Timeline ms. */
  readonly positionMs: number;
  /** Verdicts before this moment cannot change by waiting. */
  readonly settledToMs: number;
  /** When it was judged last; 0 where that is to be done again at once. */
  readonly judgedAtMs: number;
}

/** What a session's latest beat tells beside time. */
export interface LastWord {
  readonly atMs: number;
  readonly positionMs: number;
}

interface JudgedPlayback {
  readonly id: PlaybackId;
  readonly settledToMs: number;
  readonly isSettled: boolean;
  /** Null where it was not judged for a beat. */
  readonly word: LastWord | null;
}

type Row = Omit<Playback, 'cut'> & { readonly cut: string | null };

const COLUMNS = `id, user_id AS "userId", lineage_id AS "lineageId", mode, unit_id AS "unitId", course_id AS "courseId",
  broadcast_id AS "broadcastId", title, cut, opened_at_ms AS "openedAtMs", closed_at_ms AS "closedAtMs",
  heard_at_ms AS "heardAtMs", position_ms AS "positionMs", settled_to_ms AS "settledToMs",
  judged_at_ms AS "judgedAtMs"`;

const playbackOf = (row: Row): Playback => ({
  ...row,
  cut: row.cut === null ? null : parseIntervals(row.cut),
});

@Injectable()
export class PlaybacksRepository {
  async insert(playback: Playback, tokenHash: Buffer | null, tx: Tx): Promise<void> {
    await tx.query(
      `INSERT INTO playbacks (id, user_id, lineage_id, mode, unit_id, course_id, broadcast_id, title, cut, token_hash,
         opened_at_ms, heard_at_ms, settled_to_ms, judged_at_ms, position_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11, $11, $12)`,
      [
        playback.id,
        playback.userId,
        playback.lineageId,
        playback.mode,
        playback.unitId,
        playback.courseId,
        playback.broadcastId,
        playback.title,
        playback.cut && printIntervals(playback.cut),
        tokenHash,
        playback.openedAtMs,
        playback.positionMs,
      ],
    );
  }

  async byIds(ids: readonly string[], tx: Tx): Promise<Map<PlaybackId, Playback>> {
    const rows = await tx.query<Row[]>(`SELECT ${COLUMNS} FROM playbacks WHERE id = ANY($1)`, [
      [...new Set(ids)],
    ]);
    return new Map(rows.map((row) => [row.id, playbackOf(row)]));
  }

  async byTokenHash(hash: Buffer, tx: Tx): Promise<Playback | null> {
    const [row] = await tx.query<Row[]>(`SELECT ${COLUMNS} FROM playbacks WHERE token_hash = $1`, [hash]);
    return row === undefined ? null : playbackOf(row);
  }

  /** A resident's sessions, latest first, before the given one. */
  async ofUser(userId: UserId, beforeId: string | null, limit: number, tx: Tx): Promise<Playback[]> {
    const rows = await tx.query<Row[]>(
      `SELECT ${COLUMNS} FROM playbacks WHERE user_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [userId, beforeId, limit],
    );
    return rows.map(playbackOf);
  }

  /** Where a resident stood last in each of these lineages, and when; latest first. */
  lastPositions(
    userId: UserId,
    lineageIds: readonly LineageId[],
    tx: Tx,
  ): Promise<{ lineageId: LineageId; positionMs: number }[]> {
    return tx.query(
      `SELECT DISTINCT ON (lineage_id) lineage_id AS "lineageId", position_ms AS "positionMs" FROM playbacks
       WHERE user_id = $1 AND lineage_id = ANY($2) ORDER BY lineage_id, heard_at_ms DESC`,
      [userId, lineageIds],
    );
  }

  /** The timelines that a resident played, the latest first. */
  async latestLineages(userId: UserId, limit: number, tx: Tx): Promise<LineageId[]> {
    const rows = await tx.query<{ lineageId: LineageId }[]>(
      `SELECT lineage_id AS "lineageId" FROM playbacks WHERE user_id = $1
       GROUP BY lineage_id ORDER BY max(heard_at_ms) DESC LIMIT $2`,
      [userId, limit],
    );
    return rows.map(({ lineageId }) => lineageId);
  }

  /** Ends a session; a closed one stays as it is. */
  async close(id: PlaybackId, atMs: number, tx: Tx): Promise<void> {
    await tx.query(
      `UPDATE playbacks SET closed_at_ms = GREATEST(opened_at_ms, $2) WHERE id = $1 AND closed_at_ms IS NULL`,
      [id, atMs],
    );
  }

  /** What became of sessions, and what their latest beats told beside time. */
  async setJudged(judged: readonly JudgedPlayback[], atMs: number, tx: Tx): Promise<void> {
    await tx.query(
      `UPDATE playbacks p SET settled_to_ms = j.settled_to_ms, is_settled = j.is_settled, judged_at_ms = $6,
         heard_at_ms = GREATEST(p.heard_at_ms, j.heard_at_ms), position_ms = COALESCE(j.position_ms, p.position_ms)
       FROM unnest($1::uuid[], $2::int8[], $3::bool[], $4::int8[], $5::int4[])
         AS j (id, settled_to_ms, is_settled, heard_at_ms, position_ms) WHERE p.id = j.id`,
      [
        judged.map(({ id }) => id),
        judged.map(({ settledToMs }) => settledToMs),
        judged.map(({ isSettled }) => isSettled),
        judged.map(({ word }) => word?.atMs ?? null),
        judged.map(({ word }) => word?.positionMs ?? null),
        atMs,
      ],
    );
  }

  /** Sessions that may still change and have not been judged since a moment, the longest waiting first. */
  async unsettled(judgedBeforeMs: number, limit: number, tx: Tx): Promise<Playback[]> {
    const rows = await tx.query<Row[]>(
      `SELECT ${COLUMNS} FROM playbacks WHERE NOT is_settled AND judged_at_ms < $1 ORDER BY judged_at_ms LIMIT $2`,
      [judgedBeforeMs, limit],
    );
    return rows.map(playbackOf);
  }

  /** Everyone who watched this lineage is to be judged anew: what was awaited is now recorded, or never comes. */
  async reopen(lineageId: LineageId, tx: Tx): Promise<void> {
    await tx.query('UPDATE playbacks SET is_settled = false, judged_at_ms = 0 WHERE lineage_id = $1', [
      lineageId,
    ]);
  }
}
