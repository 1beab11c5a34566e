import { Injectable } from '@nestjs/common';
import type { PlaybackId } from '@yike/contracts/ids';
import type { BeatSpan } from '@yike/contracts/realtime/viewing';
import type { Claim } from '../../domain/claims.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

/** A beat as it is kept: its spans by the client's clock. */
export interface KeptBeat {
  readonly playbackId: PlaybackId;
  readonly openedAtMs: number;
  readonly seq: number;
  readonly arrivedAtMs: number;
  readonly spans: readonly BeatSpan[];
}

@Injectable()
export class BeatsRepository {
  /** A beat that came before stays as it came first. */
  async insert(beats: readonly KeptBeat[], tx: Tx): Promise<void> {
    if (beats.length === 0) return;
    await tx.query(
      `INSERT INTO beats (playback_id, seq, arrived_at_ms, clock_to_ms, spans)
       SELECT * FROM unnest($1::uuid[], $2::int4[], $3::int8[], $4::int8[], $5::jsonb[]) AS b (id, seq, at, clock_to, spans)
       ORDER BY id, clock_to, seq ON CONFLICT DO NOTHING`,
      [
        beats.map(({ playbackId }) => playbackId),
        beats.map(({ seq }) => seq),
        beats.map(({ arrivedAtMs }) => arrivedAtMs),
        beats.map(
          ({ openedAtMs, spans }) => openedAtMs + Math.max(0, ...spans.map(({ clockToMs }) => clockToMs)),
        ),
        beats.map(({ spans }) => JSON.stringify(spans)),
      ],
    );
  }

  /** The claims of each session that reach beyond a moment, in the order of their arrival. */
  async claims(
    wanted: readonly { id: PlaybackId; openedAtMs: number; fromMs: number }[],
    tx: Tx,
  ): Promise<Map<PlaybackId, Claim[]>> {
    const rows = await tx.query<{ playbackId: PlaybackId; arrivedAtMs: number; spans: BeatSpan[] }[]>(
      `SELECT b.playback_id AS "playbackId", b.arrived_at_ms AS "arrivedAtMs", b.spans
       FROM unnest($1::uuid[], $2::int8[]) AS w (id, from_ms)
       JOIN beats b ON b.playback_id = w.id AND b.clock_to_ms > w.from_ms ORDER BY b.arrived_at_ms, b.seq`,
      [wanted.map(({ id }) => id), wanted.map(({ fromMs }) => fromMs)],
    );
    const grouped = Map.groupBy(rows, ({ playbackId }) => playbackId);
    return new Map(
      wanted.map(({ id, openedAtMs }) => [
        id,
        (grouped.get(id) ?? []).flatMap(({ spans, arrivedAtMs }) =>
          spans.map((span) => claimOf(span, openedAtMs, arrivedAtMs)),
        ),
      ]),
    );
  }
}

/** A span by the server's clock. */
function claimOf(span: BeatSpan, openedAtMs: number, arrivedAtMs: number): Claim {
  const clock = { fromMs: openedAtMs + span.clockFromMs, toMs: openedAtMs + span.clockToMs };
  if (span.did !== 'played') return { did: span.did, clock, arrivedAtMs };
  const media = { fromMs: span.mediaFromMs, toMs: span.mediaToMs };
  return { did: 'played', clock, media, hidden: span.hidden, arrivedAtMs };
}
