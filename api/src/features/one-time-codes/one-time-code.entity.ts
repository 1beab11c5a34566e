import type { CodePurpose } from '@yike/contracts/http/codes';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last code sent for a purpose to a phone; a new one takes its place. Neither phone nor digits can be read from it. */
@Entity('one_time_codes')
export class OneTimeCodeEntity {
  /** Keyed hash of purpose and phone. */
  @PrimaryColumn('bytea')
  recipient!: Buffer;

  @Column('text')
  purpose!: CodePurpose;

  /** Keyed hash of recipient and digits. */
  @Column('bytea')
  hash!: Buffer;

  @Column('smallint')
  triesLeft!: number;

  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  usedAt!: Date | null;
}
