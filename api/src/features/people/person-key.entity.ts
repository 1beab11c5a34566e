import type { UserId } from '@yike/contracts/ids';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The key under which a person's values are sealed. Without this row nobody can read them any more, wherever copies of them lie. */
@Entity('person_keys')
export class PersonKeyEntity {
  @PrimaryColumn('uuid')
  userId!: UserId;

  @Column('bytea')
  wrappedKey!: Buffer;

  @Column('text')
  masterKeyId!: string;
}

export type PersonKeyRow = Pick<PersonKeyEntity, keyof PersonKeyEntity>;
