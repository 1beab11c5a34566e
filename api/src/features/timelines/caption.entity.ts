import type { Locale } from '@yike/contracts/http/accounts';
import type { LineageId } from '@yike/contracts/ids';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is said on a timeline, in one language: a WebVTT file in object storage, on the timeline's own clock. */
@Entity('captions')
export class CaptionEntity {
  @PrimaryColumn('uuid')
  timelineId!: LineageId;

  @PrimaryColumn('text')
  language!: Locale;

  @Column('text')
  objectKey!: string;
}
