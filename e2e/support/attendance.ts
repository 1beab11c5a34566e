import { Client } from 'pg';
import { z } from 'zod';

/** One person's whole seconds of a lecture, as the database's raw rows add up. */
const SummedAttendance = z.object({
  displayName: z.string(),
  live: z.int(),
  replay: z.int(),
  merged: z.int(),
  posted: z.int(),
});
export type SummedAttendance = z.infer<typeof SummedAttendance>;

/**
 * Adds up a lecture's attendance from the verdicts and the ledger's legs, by counting milliseconds one by one: on purpose not the way in
 * which the API does it.
 * @param ownerUrl of the database's owner
 */
export async function sumAttendance(ownerUrl: string, lectureId: string): Promise<SummedAttendance[]> {
  const rows = await query(
    ownerUrl,
    `WITH lineage AS (SELECT recording_id AS id FROM broadcasts WHERE lecture_id = $1),
       moments AS (
         SELECT p.user_id, p.mode = 'hls' AS is_replay, moment
         FROM playbacks p JOIN lineage ON p.lineage_id = lineage.id JOIN verdicts v ON v.playback_id = p.id
           CROSS JOIN generate_series(lower(v.media), upper(v.media) - 1) AS moment
         WHERE v.reason IN ('counted', 'repeat', 'daily-cap')
       ),
       posted AS (
         SELECT a.user_id, sum(l.delta) AS seconds
         FROM ledger_entries e JOIN ledger_legs l ON l.entry_id = e.id JOIN accounts a ON a.id = l.account_id
         WHERE a.asset = 'class-time' AND e.evidence ->> 'lineageId' = (SELECT id::text FROM lineage)
         GROUP BY a.user_id
       )
     SELECT u.display_name AS "displayName",
       (count(DISTINCT moment) FILTER (WHERE NOT is_replay) / 1000)::int AS live,
       (count(DISTINCT moment) FILTER (WHERE is_replay) / 1000)::int AS replay,
       (count(DISTINCT moment) / 1000)::int AS merged,
       coalesce((SELECT seconds FROM posted WHERE posted.user_id = u.id), 0)::int AS posted
     FROM users u JOIN moments ON moments.user_id = u.id GROUP BY u.id ORDER BY u.display_name`,
    [lectureId],
  );
  return z.array(SummedAttendance).parse(rows);
}

/** Milliseconds of server time in which two sessions of one person both counted: none, where there is one clock. */
export async function doublyCountedMs(ownerUrl: string): Promise<number> {
  const rows = await query(
    ownerUrl,
    `SELECT coalesce(sum(upper(a.clock * b.clock) - lower(a.clock * b.clock)), 0)::int AS ms
     FROM verdicts a JOIN playbacks pa ON pa.id = a.playback_id
       JOIN playbacks pb ON pb.user_id = pa.user_id AND pb.id > pa.id JOIN verdicts b ON b.playback_id = pb.id
     WHERE a.reason = 'counted' AND b.reason = 'counted' AND a.clock && b.clock`,
    [],
  );
  return z.tuple([z.object({ ms: z.int() })]).parse(rows)[0].ms;
}

/** How far behind the speaker each counted stretch of live HLS was played at its beginning, ms, in the order of the clock. */
export async function latenessMs(ownerUrl: string, lectureId: string): Promise<number[]> {
  const rows = await query(
    ownerUrl,
    `SELECT (lower(v.clock) - t.zero_at_ms - lower(v.media))::int AS ms
     FROM broadcasts b JOIN timelines t ON t.id = b.recording_id JOIN playbacks p ON p.lineage_id = t.id
       JOIN verdicts v ON v.playback_id = p.id
     WHERE b.lecture_id = $1 AND p.mode = 'll-hls' AND v.reason IN ('counted', 'repeat') ORDER BY lower(v.clock)`,
    [lectureId],
  );
  return z
    .array(z.object({ ms: z.int() }))
    .parse(rows)
    .map(({ ms }) => ms);
}

/** Runs one statement as the database's owner. */
async function query(ownerUrl: string, sql: string, values: unknown[]): Promise<unknown[]> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query(sql, values);
    return rows as unknown[];
  } finally {
    await client.end();
  }
}
