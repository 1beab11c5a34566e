import type { BroadcastState, Topic } from '@yike/contracts/http/lectures';
import type { BroadcastId, CourseId, LectureId, OrgUnitId, UserId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A plan, and beside it what its broadcast does: those columns repeat the broadcast's, written in the same transactions, so
 * that lists need one table.
 */
@Entity('lectures')
@Index('lectures_state_starts', ['state', 'startsAt', 'id'])
@Index('lectures_lecturer', ['lecturerId', 'startsAt', 'id'])
export class LectureEntity {
  @PrimaryColumn('uuid')
  id!: LectureId;

  @Column('text')
  title!: string;

  @Column('text')
  summary!: string;

  @Column('text')
  topic!: Topic;

  @Column('timestamptz')
  startsAt!: Date;

  @Column('int4')
  plannedMinutes!: number;

  @Column('boolean')
  givesCertificate!: boolean;

  @Column('uuid')
  lecturerId!: UserId;

  @Column('uuid')
  orgUnitId!: OrgUnitId;

  @Column('text', { default: 'scheduled' })
  state!: BroadcastState;

  @Column('uuid', { nullable: true })
  broadcastId!: BroadcastId | null;

  @Column('timestamptz', { nullable: true })
  liveSince!: Date | null;

  @Column('timestamptz', { nullable: true })
  endingAt!: Date | null;

  @Column('int4', { default: 0 })
  viewers!: number;

  @Column('uuid', { nullable: true })
  replayCourseId!: CourseId | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
