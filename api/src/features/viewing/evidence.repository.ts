import { Injectable } from '@nestjs/common';
import type { DeliveryLine } from '@yike/contracts/control/events';
import type { PlaybackId } from '@yike/contracts/ids';
import type { RequestPace, SegmentEvidence } from '../../domain/delivery.ts';
import { type Interval, type IntervalSet, parseIntervals, printIntervals } from '../../domain/intervals.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

/** A segment that a session asked for, or proved. */
export interface NamedSegment {
  readonly playbackId: PlaybackId;
  readonly segment: string;
  readonly media: Interval;
}

interface EvidenceRow {
  readonly playbackId: PlaybackId;
  readonly startMs: number;
  readonly endMs: number;
  readonly requestedAtMs: number | null;
  readonly proven: boolean;
}

type DeliveryKind = DeliveryLine['by'];

/** Wall-clock windows, unix ms, by how they are known. */
export type ServedWindows = Readonly<Record<DeliveryKind, IntervalSet>>;

/** A player's hash of a segment that the index does not know yet. */
export interface EarlyProof {
  readonly playbackId: PlaybackId;
  readonly segment: string;
  readonly sha256: string;
}

/** Segments that touch a moment begin at most this long before it: the longest there can be, and as much again. */
const BEGINS_WITHIN_MS = 2 * VIEWING.longestSegmentMs;
/** Both tracks of an hour in which storage is away. */
const MOST_EARLY_PROOFS = 2_000;

interface PaceRow {
  readonly playback_id: PlaybackId;
  readonly requested: string;
  readonly run_from_ms: number;
  readonly run_last_ms: number;
  readonly run_is_void: boolean;
}

/** What is known of the bytes that reached viewers. */
@Injectable()
export class EvidenceRepository {
  /** Of each session, the segments that touch a range of media. */
  async segments(
    wanted: readonly { playbackId: PlaybackId; media: Interval }[],
    tx: Tx,
  ): Promise<Map<PlaybackId, SegmentEvidence[]>> {
    if (wanted.length === 0) return new Map();
    const rows = await tx.query<EvidenceRow[]>(
      `SELECT e.playback_id AS "playbackId", e.start_ms AS "startMs", e.end_ms AS "endMs",
         e.requested_at_ms AS "requestedAtMs", e.is_proven AS proven
       FROM unnest($1::uuid[], $2::int8[], $3::int8[]) AS w (id, from_ms, to_ms)
       JOIN segment_evidence e ON e.playback_id = w.id AND ${TOUCHES_WANTED}`,
      rangesOf(wanted),
    );
    const grouped = Map.groupBy(rows, ({ playbackId }) => playbackId);
    return new Map(Array.from(grouped, ([id, found]) => [id, found.map(evidenceOf)]));
  }

  /** Of each session, the proven segments that touch a range of media, by name. */
  proven(wanted: readonly { playbackId: PlaybackId; media: Interval }[], tx: Tx): Promise<NamedSegment[]> {
    return tx.query(
      `SELECT e.playback_id AS "playbackId", e.segment,
         json_build_object('fromMs', e.start_ms, 'toMs', e.end_ms) AS media
       FROM unnest($1::uuid[], $2::int8[], $3::int8[]) AS w (id, from_ms, to_ms)
       JOIN segment_evidence e ON e.playback_id = w.id AND ${TOUCHES_WANTED}
       WHERE e.is_proven`,
      rangesOf(wanted),
    );
  }

  /** Wall-clock windows in which a media node served each session, by how that is known. */
  async windows(playbackIds: readonly PlaybackId[], tx: Tx): Promise<Map<PlaybackId, ServedWindows>> {
    const rows = await tx.query<{ playback_id: PlaybackId; by: DeliveryKind; windows: string }[]>(
      'SELECT playback_id, by, windows FROM deliveries WHERE playback_id = ANY($1)',
      [playbackIds],
    );
    const grouped = Map.groupBy(rows, ({ playback_id }) => playback_id);
    return new Map(
      Array.from(grouped, ([id, found]) => {
        const of = (kind: DeliveryKind): IntervalSet =>
          parseIntervals(found.find(({ by }) => by === kind)?.windows ?? '{}');
        return [id, { bytes: of('bytes'), reloads: of('reloads') }];
      }),
    );
  }

  /** Unites what a media node reports; a line of an unknown session is passed over. */
  async addWindows(
    lines: readonly { playbackId: PlaybackId; by: DeliveryKind; windows: IntervalSet; bytes: number }[],
    tx: Tx,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO deliveries (playback_id, by, windows, bytes)
       SELECT l.id, l.by, l.windows::int8multirange, l.bytes
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int8[]) AS l (id, by, windows, bytes)
       JOIN playbacks p ON p.id = l.id ORDER BY l.id, l.by
       ON CONFLICT (playback_id, by) DO UPDATE SET windows = deliveries.windows + excluded.windows,
         bytes = deliveries.bytes + excluded.bytes`,
      [
        lines.map(({ playbackId }) => playbackId),
        lines.map(({ by }) => by),
        lines.map(({ windows }) => printIntervals(windows)),
        lines.map(({ bytes }) => bytes),
      ],
    );
  }

  /** Keeps proofs of segments that are not known yet; the first of a segment holds. A session that sends too many is not heard. */
  async keepEarly(proofs: readonly EarlyProof[], tx: Tx): Promise<void> {
    if (proofs.length === 0) return;
    await tx.query(
      `INSERT INTO early_proofs (playback_id, segment, sha256)
       SELECT id, segment, sha256 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS p (id, segment, sha256)
       WHERE (SELECT count(*) FROM early_proofs e WHERE e.playback_id = id) < $4
       ORDER BY id, segment ON CONFLICT DO NOTHING`,
      [
        proofs.map(({ playbackId }) => playbackId),
        proofs.map(({ segment }) => segment),
        proofs.map(({ sha256 }) => sha256),
        MOST_EARLY_PROOFS,
      ],
    );
  }

  early(playbackIds: readonly PlaybackId[], tx: Tx): Promise<EarlyProof[]> {
    return tx.query(
      'SELECT playback_id AS "playbackId", segment, sha256 FROM early_proofs WHERE playback_id = ANY($1)',
      [playbackIds],
    );
  }

  async forgetEarly(proofs: readonly Omit<EarlyProof, 'sha256'>[], tx: Tx): Promise<void> {
    if (proofs.length === 0) return;
    await tx.query(
      'DELETE FROM early_proofs WHERE (playback_id, segment) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))',
      [proofs.map(({ playbackId }) => playbackId), proofs.map(({ segment }) => segment)],
    );
  }

  /** Takes note that the bytes of these segments were shown to be there. */
  async prove(segments: readonly NamedSegment[], tx: Tx): Promise<void> {
    if (segments.length === 0) return;
    await tx.query(
      `INSERT INTO segment_evidence (playback_id, segment, start_ms, end_ms, is_proven)
       SELECT DISTINCT id, segment, start_ms, end_ms, true
       FROM unnest($1::uuid[], $2::text[], $3::int4[], $4::int4[]) AS s (id, segment, start_ms, end_ms)
       ORDER BY id, start_ms, segment
       ON CONFLICT (playback_id, start_ms, segment) DO UPDATE SET is_proven = true WHERE NOT segment_evidence.is_proven`,
      columnsOf(segments),
    );
  }

  /** Takes note of requests; of several for one segment the first that is not void counts. */
  async request(segments: readonly (NamedSegment & { atMs: number })[], tx: Tx): Promise<void> {
    if (segments.length === 0) return;
    await tx.query(
      `INSERT INTO segment_evidence (playback_id, segment, start_ms, end_ms, requested_at_ms)
       SELECT id, segment, start_ms, end_ms, min(at_ms)
       FROM unnest($1::uuid[], $2::text[], $3::int4[], $4::int4[], $5::int8[]) AS s (id, segment, start_ms, end_ms, at_ms)
       GROUP BY id, segment, start_ms, end_ms ORDER BY id, start_ms, segment
       ON CONFLICT (playback_id, start_ms, segment) DO UPDATE
         SET requested_at_ms = LEAST(segment_evidence.requested_at_ms, excluded.requested_at_ms)`,
      [...columnsOf(segments), segments.map(({ atMs }) => atMs)],
    );
  }

  /** Requests from a moment on were a burst: they prove nothing. */
  async voidRequests(playbackId: PlaybackId, fromMs: number, tx: Tx): Promise<void> {
    await tx.query(
      'UPDATE segment_evidence SET requested_at_ms = NULL WHERE playback_id = $1 AND requested_at_ms >= $2',
      [playbackId, fromMs],
    );
  }

  /** How far sessions have gone with their requests, locked until the transaction ends, always in the same order. */
  async lockPaces(playbackIds: readonly PlaybackId[], tx: Tx): Promise<Map<PlaybackId, RequestPace>> {
    const rows = await tx.query<PaceRow[]>(
      `SELECT playback_id, requested, run_from_ms, run_last_ms, run_is_void FROM request_paces
       WHERE playback_id = ANY($1) ORDER BY playback_id FOR UPDATE`,
      [playbackIds],
    );
    return new Map(rows.map((row) => [row.playback_id, paceOf(row)]));
  }

  async savePaces(
    paces: readonly { readonly playbackId: PlaybackId; readonly pace: RequestPace }[],
    tx: Tx,
  ): Promise<void> {
    const begun = paces.flatMap(({ playbackId, pace: { requested, run } }) =>
      run === null ? [] : [{ playbackId, requested, run }],
    );
    if (begun.length === 0) return;
    await tx.query(
      `INSERT INTO request_paces (playback_id, requested, run_from_ms, run_last_ms, run_is_void)
       SELECT id, requested::int8multirange, from_ms, last_ms, is_void
       FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::int8[], $5::bool[]) AS p (id, requested, from_ms, last_ms, is_void)
       ORDER BY id ON CONFLICT (playback_id) DO UPDATE SET requested = excluded.requested,
         run_from_ms = excluded.run_from_ms, run_last_ms = excluded.run_last_ms, run_is_void = excluded.run_is_void`,
      [
        begun.map(({ playbackId }) => playbackId),
        begun.map(({ requested }) => printIntervals(requested)),
        begun.map(({ run }) => run.fromMs),
        begun.map(({ run }) => run.lastMs),
        begun.map(({ run }) => run.isVoid),
      ],
    );
  }
}

/** For the index, the moments between which such a segment begins. */
const TOUCHES_WANTED = `e.start_ms > w.from_ms - ${BEGINS_WITHIN_MS} AND e.start_ms < w.to_ms AND e.end_ms > w.from_ms`;

const rangesOf = (wanted: readonly { playbackId: PlaybackId; media: Interval }[]): unknown[][] => [
  wanted.map(({ playbackId }) => playbackId),
  wanted.map(({ media }) => media.fromMs),
  wanted.map(({ media }) => media.toMs),
];

const evidenceOf = ({ startMs, endMs, requestedAtMs, proven }: EvidenceRow): SegmentEvidence => ({
  media: { fromMs: startMs, toMs: endMs },
  requestedAtMs,
  proven,
});

const columnsOf = (segments: readonly NamedSegment[]): unknown[][] => [
  segments.map(({ playbackId }) => playbackId),
  segments.map(({ segment }) => segment),
  segments.map(({ media }) => media.fromMs),
  segments.map(({ media }) => media.toMs),
];

const paceOf = (row: PaceRow): RequestPace => ({
  requested: parseIntervals(row.requested),
  run: { fromMs: row.run_from_ms, lastMs: row.run_last_ms, isVoid: row.run_is_void },
});
