import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.ts';

export interface BroadcastFigures {
  readonly live: number;
  readonly interrupted: number;
  readonly viewers: number;
  /** Over for ten minutes, and its recording is still not complete. */
  readonly unfinished: number;
}

/** Of the recordings of the last 24 hours. */
export interface RecordingFigures {
  /** Lengths between the first and the last media that nobody has, in seconds. */
  readonly gapSeconds: number;
  readonly degraded: number;
}

export interface NodeFigures {
  readonly ready: number;
  readonly draining: number;
  readonly silent: number;
}

/** Figures over the rows of all features, for the operator alone: counted by PostgreSQL, over indexed or small sets. */
@Injectable()
export class FiguresRepository {
  async broadcasts(tx: Tx): Promise<BroadcastFigures> {
    return one(
      await tx.query(`
        SELECT count(*) FILTER (WHERE state = 'live')::int AS live,
          count(*) FILTER (WHERE state = 'interrupted')::int AS interrupted,
          COALESCE(sum(viewers) FILTER (WHERE state <> 'ended'), 0)::int AS viewers,
          count(*) FILTER (WHERE state = 'ended' AND ended_at < now() - interval '10 min')::int AS unfinished
        FROM broadcasts WHERE completed_at IS NULL`),
    );
  }

  async recordings(tx: Tx): Promise<RecordingFigures> {
    return one(
      await tx.query(`
        SELECT COALESCE(sum(whole - present), 0)::float8 / 1000 AS "gapSeconds",
          count(*) FILTER (WHERE degraded)::int AS degraded
        FROM (
          SELECT degraded, upper(recorded) - lower(recorded) AS whole,
            (SELECT sum(upper(part) - lower(part)) FROM unnest(recorded) AS part) AS present
          FROM timelines WHERE kind = 'recording' AND created_at > now() - interval '24 h'
        ) AS recent`),
    );
  }

  async nodes(tx: Tx): Promise<NodeFigures> {
    return one(
      await tx.query(`
        SELECT count(*) FILTER (WHERE is_here AND state = 'ready')::int AS ready,
          count(*) FILTER (WHERE is_here AND state = 'draining')::int AS draining,
          count(*) FILTER (WHERE NOT is_here)::int AS silent
        FROM (SELECT state, seen_at > now() - interval '15 s' AS is_here FROM media_nodes
          WHERE seen_at > now() - interval '1 day') AS nodes`),
    );
  }

  async parkedEvents(tx: Tx): Promise<number> {
    const { n } = one<{ n: number }>(
      await tx.query('SELECT count(*)::int AS n FROM inbox_events WHERE refusal IS NOT NULL'),
    );
    return n;
  }
}

function one<T>(rows: T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate gave no row');
  return row;
}
