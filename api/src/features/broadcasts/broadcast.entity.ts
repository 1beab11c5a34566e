import type { BroadcastId, LectureId, MediaNodeId, RecordingId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RunningState } from '../../domain/broadcast.ts';

/** The live side of a lecture. The columns of the state machine are those of `domain/broadcast.ts`. */
@Entity('broadcasts')
@Index('broadcasts_lecture', ['lectureId'], { unique: true })
@Index('broadcasts_recording', ['recordingId'], { unique: true })
@Index('broadcasts_open', ['mediaNode'], { where: 'completed_at IS NULL' })
export class BroadcastEntity {
  @PrimaryColumn('uuid')
  id!: BroadcastId;

  @Column('uuid')
  lectureId!: LectureId;

  @Column('uuid')
  recordingId!: RecordingId;

  @Column('text')
  state!: RunningState;

  @Column('boolean', { default: false })
  hasPublisher!: boolean;

  /** When the publisher came or left, last; at first the start. */
  @Column('timestamptz')
  publisherSince!: Date;

  @Column('timestamptz')
  plannedEnd!: Date;

  @Column('timestamptz', { nullable: true })
  liveSince!: Date | null;

  @Column('timestamptz', { nullable: true })
  endingAt!: Date | null;

  /** When the end was asked for: the replay ends there. */
  @Column('timestamptz', { nullable: true })
  trimAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  @Column('text', { nullable: true })
  closeReason!: 'ended' | 'stopped' | null;

  /** What the administrator wrote when stopping it. */
  @Column('text', { nullable: true })
  stopReason!: string | null;

  @Column('text')
  mediaNode!: MediaNodeId;

  /** Counts placements from 0; each has its own block of 1,000 epochs. */
  @Column('int4', { default: 0 })
  placement!: number;

  @Column('int4', { default: 0 })
  viewers!: number;

  /** When the recording was complete; until then the node is told what is wanted. */
  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
