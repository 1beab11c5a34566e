import type { ConsentText } from '@yike/contracts/http/registration';
import type { UserId } from '@yike/contracts/ids';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who agreed to which version of a text, and when; rows are added, never changed. */
@Entity('consents')
export class ConsentEntity {
  /** Whom it is about. */
  @PrimaryColumn('uuid')
  userId!: UserId;

  @PrimaryColumn('text')
  text!: ConsentText;

  @PrimaryColumn('text')
  version!: string;

  /** Who agreed: the resident, or a minor's guardian. */
  @Column('uuid')
  givenBy!: UserId;

  @Column('timestamptz')
  givenAt!: Date;
}
