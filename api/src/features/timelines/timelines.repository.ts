import { Injectable } from '@nestjs/common';
import type { ManifestSegment, TrackKind } from '@yike/contracts/control/manifest';
import type { LineageId } from '@yike/contracts/ids';
import { In } from 'typeorm';
import { type IntervalSet, printIntervals } from '../../domain/intervals.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { type EpochTrack, RecorderEpochEntity, SegmentEntity } from './recorder-epoch.entity.ts';
import { TimelineEntity } from './timeline.entity.ts';

export interface SegmentPlaceInTimeline {
  readonly epoch: number;
  readonly track: TrackKind;
  readonly seq: number;
}

@Injectable()
export class TimelinesRepository {
  byIds(ids: readonly LineageId[], tx: Tx): Promise<TimelineEntity[]> {
    return tx.findBy(TimelineEntity, { id: In(ids) });
  }

  /** Locked until the transaction ends, so that its index changes by one writer at a time. */
  lock(id: LineageId, tx: Tx): Promise<TimelineEntity | null> {
    return tx.findOne(TimelineEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async insert(timeline: Pick<TimelineEntity, 'id' | 'kind' | 'state' | 'zeroAtMs'>, tx: Tx): Promise<void> {
    await tx.createQueryBuilder().insert().into(TimelineEntity).values(timeline).orIgnore().execute();
  }

  /** Only the first media defines it. */
  async defineZero(id: LineageId, zeroAtMs: number, tx: Tx): Promise<void> {
    await tx.query('UPDATE timelines SET zero_at_ms = $2 WHERE id = $1 AND zero_at_ms IS NULL', [
      id,
      zeroAtMs,
    ]);
  }

  async setRecorded(id: LineageId, recorded: IntervalSet, tx: Tx): Promise<void> {
    await tx.query('UPDATE timelines SET recorded = $2 WHERE id = $1', [id, printIntervals(recorded)]);
  }

  async finish(
    id: LineageId,
    { recorded, degraded }: { recorded: IntervalSet; degraded: boolean },
    tx: Tx,
  ): Promise<void> {
    await tx.update(TimelineEntity, { id }, { state: 'final', recorded, degraded });
  }

  epochs(id: LineageId, tx: Tx): Promise<RecorderEpochEntity[]> {
    return tx.find(RecorderEpochEntity, { where: { timelineId: id }, order: { epoch: 'ASC' } });
  }

  epoch(id: LineageId, epoch: number, tx: Tx): Promise<RecorderEpochEntity | null> {
    return tx.findOneBy(RecorderEpochEntity, { timelineId: id, epoch });
  }

  segments(id: LineageId, tx: Tx): Promise<SegmentEntity[]> {
    return tx.find(SegmentEntity, {
      where: { timelineId: id },
      order: { epoch: 'ASC', track: 'ASC', seq: 'ASC' },
    });
  }

  async segmentsAt(
    id: LineageId,
    places: readonly SegmentPlaceInTimeline[],
    tx: Tx,
  ): Promise<SegmentEntity[]> {
    if (places.length === 0) return [];
    return tx
      .createQueryBuilder(SegmentEntity, 'segment')
      .where('segment.timeline_id = :id', { id })
      .andWhere(
        '(segment.epoch, segment.track, segment.seq) IN (SELECT * FROM unnest(:epochs::int[], :tracks::text[], :seqs::int[]))',
        {
          epochs: places.map(({ epoch }) => epoch),
          tracks: places.map(({ track }) => track),
          seqs: places.map(({ seq }) => seq),
        },
      )
      .getMany();
  }

  async ensureEpoch(id: LineageId, epoch: number, tx: Tx): Promise<void> {
    const row = { timelineId: id, epoch, tracks: {}, manifestKey: null, manifestSha256: null };
    await tx.createQueryBuilder().insert().into(RecorderEpochEntity).values(row).orIgnore().execute();
  }

  async setTrack(id: LineageId, epoch: number, kind: TrackKind, track: EpochTrack, tx: Tx): Promise<void> {
    await tx.query(
      'UPDATE recorder_epochs SET tracks = tracks || jsonb_build_object($3::text, $4::jsonb) WHERE timeline_id = $1 AND epoch = $2',
      [id, epoch, kind, JSON.stringify(track)],
    );
  }

  /** Names the manifest that the epoch's tracks are told from now on. */
  async setManifest(
    id: LineageId,
    epoch: number,
    manifest: { key: string; sha256: string },
    tx: Tx,
  ): Promise<void> {
    await tx.update(
      RecorderEpochEntity,
      { timelineId: id, epoch },
      { manifestKey: manifest.key, manifestSha256: manifest.sha256, tracks: {} },
    );
  }

  /** Those that are there already stay as they are. */
  async insertSegments(
    id: LineageId,
    place: TrackPlace,
    segments: readonly ManifestSegment[],
    tx: Tx,
  ): Promise<void> {
    if (segments.length === 0) return;
    await tx.query(
      `INSERT INTO segments (timeline_id, epoch, track, seq, start_ms, duration_ms, bytes, sha256, object_key)
       SELECT $1, $2, $3, seq, start_ms, duration_ms, bytes, sha256, object_key FROM ${GIVEN_SEGMENTS}
       ON CONFLICT DO NOTHING`,
      [id, place.epoch, place.track, ...columnsOf(segments)],
    );
  }

  /** What the index says of epochs that are not among these. */
  async deleteOtherEpochs(id: LineageId, epochs: readonly number[], tx: Tx): Promise<void> {
    await tx.query('DELETE FROM segments WHERE timeline_id = $1 AND epoch <> ALL ($2)', [id, epochs]);
    await tx.query('DELETE FROM recorder_epochs WHERE timeline_id = $1 AND epoch <> ALL ($2)', [id, epochs]);
  }

  /** What the index says of a track and these segments do not. */
  async deleteOtherSegments(
    id: LineageId,
    place: TrackPlace,
    segments: readonly ManifestSegment[],
    tx: Tx,
  ): Promise<void> {
    await tx.query(
      `DELETE FROM segments WHERE timeline_id = $1 AND epoch = $2 AND track = $3
         AND (seq, start_ms, duration_ms, bytes, sha256, object_key) NOT IN (SELECT * FROM ${GIVEN_SEGMENTS})`,
      [id, place.epoch, place.track, ...columnsOf(segments)],
    );
  }
}

interface TrackPlace {
  readonly epoch: number;
  readonly track: TrackKind;
}

/** Segments as parameters from $4 on, one array a column. */
const GIVEN_SEGMENTS = `(
  SELECT seq, start_ms, duration_ms, bytes, decode(sha256_hex, 'hex') AS sha256, object_key
  FROM unnest($4::int[], $5::int[], $6::int[], $7::int[], $8::text[], $9::text[])
    AS s (seq, start_ms, duration_ms, bytes, sha256_hex, object_key)) AS given`;

const columnsOf = (segments: readonly ManifestSegment[]): unknown[] => [
  segments.map(({ seq }) => seq),
  segments.map(({ startMs }) => startMs),
  segments.map(({ durationMs }) => durationMs),
  segments.map(({ bytes }) => bytes),
  segments.map(({ sha256 }) => sha256),
  segments.map(({ key }) => key),
];
