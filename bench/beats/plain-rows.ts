import type { Pool } from 'pg';
import type { Spectator } from '../api/audience.ts';

const WRITERS = 8;
const BEAT_MS = 10_000;

/** One small row for each resident, of which the rest of the API knows nothing. */
export async function makePlainTable(database: Pool): Promise<void> {
  await database.query(
    'CREATE TABLE bench_coverages (user_id uuid PRIMARY KEY, media int8multirange, clock int8multirange)',
  );
}

/**
 * What PostgreSQL does at best: the time of a beat united with its resident's row, a transaction each, from several connections; without a
 * socket, sessions, evidence, verdicts and an answer.
 * @returns rows a second
 */
export async function plainRows(
  database: Pool,
  spectators: readonly Spectator[],
  forMs: number,
): Promise<number> {
  const startedAt = performance.now();
  const passedMs = (): number => performance.now() - startedAt;
  let written = 0;
  const write = async (): Promise<void> => {
    while (passedMs() < forMs) {
      const beat = Math.floor(written / spectators.length);
      const { userId } = spectators[written % spectators.length] ?? {};
      written += 1;
      const played = `{[${beat * BEAT_MS},${(beat + 1) * BEAT_MS})}`;
      await database.query(
        `INSERT INTO bench_coverages VALUES ($1, $2, $2) ON CONFLICT (user_id) DO UPDATE
         SET media = bench_coverages.media + excluded.media, clock = bench_coverages.clock + excluded.clock`,
        [userId, played],
      );
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return written / (passedMs() / 1_000);
}
