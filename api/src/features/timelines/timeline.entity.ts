import type { LineageId } from '@yike/contracts/ids';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { IntervalSet } from '../../domain/intervals.ts';
import { intervalsColumn } from '../../platform/database/columns.ts';

/** Media time of one recording or asset; its id is the lineage of all that is made of it. */
@Entity('timelines')
export class TimelineEntity {
  @PrimaryColumn('uuid')
  id!: LineageId;

  @Column('text')
  kind!: 'recording' | 'asset';

  /** `running` while segments still come. */
  @Column('text')
  state!: 'running' | 'final';

  /** Wall clock of timeline 0, unix ms; null before the first media. */
  @Column('int8', { nullable: true })
  zeroAtMs!: number | null;

  /** Where media exists, in timeline ms; the rest are gaps. */
  @Column('int8multirange', { transformer: intervalsColumn, default: () => "'{}'" })
  recorded!: IntervalSet;

  /** The recorder has lost media that it had. */
  @Column('boolean', { default: false })
  degraded!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
