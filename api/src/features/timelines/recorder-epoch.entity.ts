import type { ManifestTrack, TrackKind } from '@yike/contracts/control/manifest';
import type { LineageId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type EpochTrack = Omit<ManifestTrack, 'segments'>;

/** One run of a recorder. */
@Entity('recorder_epochs')
export class RecorderEpochEntity {
  @PrimaryColumn('uuid')
  timelineId!: LineageId;

  @PrimaryColumn('int4')
  epoch!: number;

  /** Codec, size and init segment by kind. */
  @Column('jsonb')
  tracks!: Partial<Record<TrackKind, EpochTrack>>;

  /** Set once its final manifest was read. */
  @Column('text', { nullable: true })
  manifestKey!: string | null;

  @Column('text', { nullable: true })
  manifestSha256!: string | null;
}

/** One object in storage, about 4 s of one track. An index to the manifests, which are the truth. */
@Entity('segments')
@Index('segments_timeline_start', ['timelineId', 'startMs'])
export class SegmentEntity {
  @PrimaryColumn('uuid')
  timelineId!: LineageId;

  @PrimaryColumn('int4')
  epoch!: number;

  @PrimaryColumn('text')
  track!: TrackKind;

  @PrimaryColumn('int4')
  seq!: number;

  /** Timeline ms. */
  @Column('int4')
  startMs!: number;

  @Column('int4')
  durationMs!: number;

  @Column('int4')
  bytes!: number;

  @Column('bytea')
  sha256!: Buffer;

  @Column('text')
  objectKey!: string;
}
