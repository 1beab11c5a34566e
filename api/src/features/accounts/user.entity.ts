import type { Locale } from '@yike/contracts/http/accounts';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('users')
@Index('users_username', ['username'], { unique: true })
@Index('users_home', ['orgUnitId', 'id'])
export class UserEntity {
  @PrimaryColumn('uuid')
  id!: UserId;

  /** Lower case. Null: signs in by phone. */
  @Column('text', { nullable: true })
  username!: string | null;

  /** argon2id, in PHC format. Null: signs in by a code. */
  @Column('text', { nullable: true })
  passwordHash!: string | null;

  @Column('text')
  displayName!: string;

  @Column('text')
  locale!: Locale;

  @Column('boolean', { default: false })
  elderMode!: boolean;

  @Column('uuid')
  orgUnitId!: OrgUnitId;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  /** Null as long as the account is somebody's. */
  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;
}
