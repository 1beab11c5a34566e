import type { CourseOrigin } from '@yike/contracts/http/library';
import type { Topic } from '@yike/contracts/http/lectures';
import type { CourseId, LectureId, LineageId, OrgUnitId, UnitId, UserId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { IntervalSet } from '../../domain/intervals.ts';
import { intervalsColumn } from '../../platform/database/columns.ts';

/** What the library lists. */
@Entity('courses')
@Index('courses_published', ['publishedAt', 'id'])
@Index('courses_lecture', ['lectureId'], { unique: true })
@Index('courses_slug', ['slug'], { unique: true })
export class CourseEntity {
  @PrimaryColumn('uuid')
  id!: CourseId;

  @Column('text')
  title!: string;

  @Column('text')
  summary!: string;

  @Column('text')
  topic!: Topic;

  @Column('text')
  origin!: CourseOrigin;

  /** The lecture whose replay this is. */
  @Column('uuid', { nullable: true })
  lectureId!: LectureId | null;

  @Column('uuid', { nullable: true })
  lecturerId!: UserId | null;

  @Column('uuid')
  orgUnitId!: OrgUnitId;

  /** A lasting name for what a file lists, so that reading the file again changes nothing. */
  @Column('text', { nullable: true })
  slug!: string | null;

  @Column('boolean')
  givesCertificate!: boolean;

  @Column('text', { nullable: true })
  posterKey!: string | null;

  /** Of all its units. */
  @Column('int4')
  durationMs!: number;

  @Column('timestamptz')
  publishedAt!: Date;
}

/** A playable part of a course: ranges of a timeline. */
@Entity('units')
@Index('units_course', ['courseId', 'position'], { unique: true })
@Index('units_lineage', ['lineageId'])
export class UnitEntity {
  @PrimaryColumn('uuid')
  id!: UnitId;

  @Column('uuid')
  courseId!: CourseId;

  /** From 0. */
  @Column('int4')
  position!: number;

  @Column('text')
  title!: string;

  @Column('uuid')
  lineageId!: LineageId;

  /** Timeline ms. */
  @Column('int8multirange', { transformer: intervalsColumn })
  cutRanges!: IntervalSet;
}

/** A course, or a unit, to be saved. */
export type CourseRow = Pick<CourseEntity, keyof CourseEntity>;
export type UnitRow = Pick<UnitEntity, keyof UnitEntity>;
