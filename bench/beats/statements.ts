/** What the peer asks of PostgreSQL for each beat, over our tables. */
export const STATEMENTS = {
  lease: 'SELECT playback_id AS "playbackId" FROM leases WHERE user_id = $1 FOR UPDATE',
  session: `SELECT p.lineage_id AS "lineageId", p.unit_id AS "unitId", p.opened_at_ms AS "openedAtMs",
      p.settled_to_ms AS "settledToMs", p.cut, t.recorded
    FROM playbacks p JOIN timelines t ON t.id = p.lineage_id WHERE p.id = $1 AND p.user_id = $2`,
  beat: `INSERT INTO beats (playback_id, seq, arrived_at_ms, clock_to_ms, spans) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING`,
  segment: `SELECT encode(sha256, 'hex') AS sha256, start_ms AS "startMs", start_ms + duration_ms AS "endMs" FROM segments
    WHERE timeline_id = $1 AND epoch = $2 AND track = $3 AND seq = $4`,
  proof: `INSERT INTO segment_evidence (playback_id, segment, start_ms, end_ms, is_proven) VALUES ($1, $2, $3, $4, true)
    ON CONFLICT (playback_id, start_ms, segment) DO UPDATE SET is_proven = true`,
  tenures: 'SELECT from_ms AS "fromMs", to_ms AS "toMs" FROM lease_tenures WHERE playback_id = $1',
  evidence: `SELECT start_ms AS "fromMs", end_ms AS "toMs", requested_at_ms AS "requestedAtMs", is_proven AS proven
    FROM segment_evidence WHERE playback_id = $1 AND start_ms > $2 - 20000 AND start_ms < $3 AND end_ms > $2`,
  coverage: 'SELECT media, clock FROM coverages WHERE user_id = $1 AND lineage_id = $2',
  day: `SELECT COALESCE(sum(upper(r) - lower(r)), 0)::int8 AS ms FROM coverages c,
      unnest(c.clock * int8multirange(int8range($2, $3))) AS r WHERE c.user_id = $1`,
  cover: `INSERT INTO coverages (user_id, lineage_id, media, clock, needs_evaluation) VALUES ($1, $2, $3, $4, false)
    ON CONFLICT (user_id, lineage_id) DO UPDATE SET media = coverages.media + excluded.media,
      clock = coverages.clock + excluded.clock
    RETURNING media, clock`,
  verdict: `INSERT INTO verdicts (playback_id, clock, media, reason)
    VALUES ($1, int8range($2, $3), int8range($4, $5), $6)`,
  judged: `UPDATE playbacks SET settled_to_ms = $2, judged_at_ms = $3, heard_at_ms = $3, position_ms = $4
    WHERE id = $1`,
  pending: `SELECT COALESCE(sum(upper(clock) - lower(clock)), 0)::int8 AS ms FROM verdicts
    WHERE playback_id = $1 AND reason = 'pending' AND media IS NOT NULL`,
  posted: `SELECT COALESCE(sum(l.delta), 0)::int8 AS seconds FROM accounts a JOIN ledger_legs l ON l.account_id = a.id
    JOIN ledger_entries e ON e.id = l.entry_id AND e.evidence ->> 'lineageId' = $2
    WHERE a.user_id = $1 AND a.asset = 'class-time'`,
  completed: 'SELECT 1 FROM completions WHERE user_id = $1 AND unit_id = $2',
} as const;
