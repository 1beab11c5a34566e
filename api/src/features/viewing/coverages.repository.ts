import { Injectable } from '@nestjs/common';
import type { LineageId, UserId } from '@yike/contracts/ids';
import type { CoverageSets } from '../../domain/completion.ts';
import { type Interval, parseIntervals, printIntervals } from '../../domain/intervals.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

/** What a resident's time of a lineage grows by. */
export interface CoverageGrowth extends CoverageSets {
  /** Whether it may complete something, so that the bank is to be asked. */
  readonly isDue: boolean;
  readonly userId: UserId;
  readonly lineageId: LineageId;
}

interface Row {
  readonly userId: UserId;
  readonly lineageId: LineageId;
  readonly media: string;
  readonly clock: string;
}

const EMPTY: CoverageSets = { media: [], clock: [] };
export const coverageKey = (userId: UserId, lineageId: LineageId): string => `${userId} ${lineageId}`;
const setsOf = ({ media, clock }: Pick<Row, 'media' | 'clock'>): CoverageSets => ({
  media: parseIntervals(media),
  clock: parseIntervals(clock),
});

/** The two sets of each resident and lineage. They are only ever united. */
@Injectable()
export class CoveragesRepository {
  /** By {@link coverageKey}; a pair without a row has covered nothing. */
  async ofPairs(
    pairs: readonly { userId: UserId; lineageId: LineageId }[],
    tx: Tx,
  ): Promise<Map<string, CoverageSets>> {
    const rows = await tx.query<Row[]>(
      `SELECT user_id AS "userId", lineage_id AS "lineageId", media, clock FROM coverages
       WHERE (user_id, lineage_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
      [pairs.map(({ userId }) => userId), pairs.map(({ lineageId }) => lineageId)],
    );
    return new Map(rows.map((row) => [coverageKey(row.userId, row.lineageId), setsOf(row)]));
  }

  async of(userId: UserId, lineageId: LineageId, tx: Tx): Promise<CoverageSets> {
    const found = await this.ofPairs([{ userId, lineageId }], tx);
    return found.get(coverageKey(userId, lineageId)) ?? EMPTY;
  }

  /** Everyone's coverage of a lineage. */
  async ofLineage(lineageId: LineageId, tx: Tx): Promise<Map<UserId, CoverageSets>> {
    const rows = await tx.query<Row[]>(
      'SELECT user_id AS "userId", media, clock FROM coverages WHERE lineage_id = $1',
      [lineageId],
    );
    return new Map(rows.map((row) => [row.userId, setsOf(row)]));
  }

  /** One statement for all, in the order of their keys; what is there already changes nothing. */
  async unite(growths: readonly CoverageGrowth[], tx: Tx): Promise<void> {
    if (growths.length === 0) return;
    await tx.query(
      `INSERT INTO coverages (user_id, lineage_id, media, clock, needs_evaluation)
       SELECT user_id, lineage_id, media::int8multirange, clock::int8multirange, is_due
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bool[]) AS g (user_id, lineage_id, media, clock, is_due)
       ORDER BY user_id, lineage_id
       ON CONFLICT (user_id, lineage_id) DO UPDATE SET media = coverages.media + excluded.media,
         clock = coverages.clock + excluded.clock, needs_evaluation = coverages.needs_evaluation OR excluded.needs_evaluation`,
      [
        growths.map(({ userId }) => userId),
        growths.map(({ lineageId }) => lineageId),
        growths.map(({ media }) => printIntervals(media)),
        growths.map(({ clock }) => printIntervals(clock)),
        growths.map(({ isDue }) => isDue),
      ],
    );
  }

  /** Counted clock over all lineages within each of these days, in ms. */
  async clockWithin(
    days: readonly { userId: UserId; day: Interval }[],
    tx: Tx,
  ): Promise<{ userId: UserId; fromMs: number; ms: number }[]> {
    return tx.query(
      `SELECT d.user_id AS "userId", d.from_ms AS "fromMs", COALESCE(sum(upper(r) - lower(r)), 0)::int8 AS ms
       FROM unnest($1::uuid[], $2::int8[], $3::int8[]) AS d (user_id, from_ms, to_ms)
       JOIN coverages c ON c.user_id = d.user_id, LATERAL unnest(c.clock * int8multirange(int8range(d.from_ms, d.to_ms))) AS r
       GROUP BY d.user_id, d.from_ms`,
      [days.map(({ userId }) => userId), days.map(({ day }) => day.fromMs), days.map(({ day }) => day.toMs)],
    );
  }

  /** All media that a resident has ever watched, in ms. */
  async watchedMs(userId: UserId, tx: Tx): Promise<number> {
    const [{ ms } = { ms: 0 }] = await tx.query<{ ms: number }[]>(
      `SELECT COALESCE(sum(upper(r) - lower(r)), 0)::int8 AS ms FROM coverages c, LATERAL unnest(c.media) AS r
       WHERE c.user_id = $1`,
      [userId],
    );
    return ms;
  }

  /** Every resident of a lineage is to be evaluated anew. */
  async askEvaluation(lineageId: LineageId, tx: Tx): Promise<void> {
    await tx.query('UPDATE coverages SET needs_evaluation = true WHERE lineage_id = $1', [lineageId]);
  }

  toEvaluate(limit: number, tx: Tx): Promise<{ userId: UserId; lineageId: LineageId }[]> {
    return tx.query(
      `SELECT user_id AS "userId", lineage_id AS "lineageId" FROM coverages WHERE needs_evaluation
       ORDER BY user_id, lineage_id LIMIT $1`,
      [limit],
    );
  }

  /** Takes the mark off and gives the sets as they are now; null when someone else was quicker. */
  async takeEvaluation(userId: UserId, lineageId: LineageId, tx: Tx): Promise<CoverageSets | null> {
    const [rows] = await tx.query<[Pick<Row, 'media' | 'clock'>[], number]>(
      `UPDATE coverages SET needs_evaluation = false WHERE user_id = $1 AND lineage_id = $2 AND needs_evaluation
       RETURNING media, clock`,
      [userId, lineageId],
    );
    return rows[0] === undefined ? null : setsOf(rows[0]);
  }
}
