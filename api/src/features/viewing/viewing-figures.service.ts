import { Injectable } from '@nestjs/common';
import type { VerdictReason } from '@yike/contracts/http/viewing';
import type { LineageId, UserId } from '@yike/contracts/ids';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';

/** One resident's time of one timeline, in ms. Live and replay may share media; merged counts it once. */
export interface LineageFigures {
  readonly userId: UserId;
  readonly sessions: number;
  readonly liveMs: number;
  readonly replayMs: number;
  readonly mergedMs: number;
  readonly refused: readonly { readonly reason: VerdictReason; readonly ms: number }[];
}

/** Figures of viewing for reports. */
@Injectable()
export class ViewingFigures {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Everyone who opened a session of this timeline. */
  ofLineage(lineageId: LineageId): Promise<LineageFigures[]> {
    return this.unitOfWork.reader.query(
      `WITH judged AS (
         SELECT p.user_id, p.mode = 'hls' AS is_replay, v.clock, v.media, v.reason,
           v.reason IN ('counted', 'repeat', 'daily-cap') AS is_accepted
         FROM playbacks p JOIN verdicts v ON v.playback_id = p.id WHERE p.lineage_id = $1
       ), played AS (
         SELECT user_id, range_agg(media) FILTER (WHERE NOT is_replay) AS live,
           range_agg(media) FILTER (WHERE is_replay) AS replay, range_agg(media) AS merged
         FROM judged WHERE is_accepted GROUP BY user_id
       ), refusals AS (
         SELECT user_id, jsonb_agg(jsonb_build_object('reason', reason, 'ms', ms) ORDER BY ms DESC, reason) AS sums
         FROM (SELECT user_id, reason, sum(upper(clock) - lower(clock))::int8 AS ms FROM judged
               WHERE reason NOT IN ('counted', 'pending') GROUP BY user_id, reason) AS by_reason GROUP BY user_id
       ), present AS (
         SELECT user_id, count(*)::int AS sessions FROM playbacks WHERE lineage_id = $1 GROUP BY user_id
       )
       SELECT present.user_id AS "userId", sessions, ${lengthOf('live')} AS "liveMs", ${lengthOf('replay')} AS "replayMs",
         ${lengthOf('merged')} AS "mergedMs", COALESCE(refusals.sums, '[]') AS refused
       FROM present LEFT JOIN played USING (user_id) LEFT JOIN refusals USING (user_id) ORDER BY present.user_id`,
      [lineageId],
    );
  }
}

const lengthOf = (set: string): string =>
  `COALESCE((SELECT sum(upper(r) - lower(r)) FROM unnest(played.${set}) AS r), 0)::int8`;
