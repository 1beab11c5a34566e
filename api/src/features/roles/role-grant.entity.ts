import type { OrgUnitId, RoleGrantId, UserId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { GrantedRole } from '../../domain/policy/grants.ts';

/** That somebody has a role at an organisation. Never deleted: what ended says so. */
@Entity('role_grants')
@Index('role_grants_user', ['userId'])
@Index('role_grants_org_unit', ['orgUnitId'])
export class RoleGrantEntity {
  @PrimaryColumn('uuid')
  id!: RoleGrantId;

  @Column('uuid')
  userId!: UserId;

  @Column('text')
  role!: GrantedRole;

  /** For it and all below it. */
  @Column('uuid')
  orgUnitId!: OrgUnitId;

  @Column('timestamptz')
  validFrom!: Date;

  /** Null: without an end. */
  @Column('timestamptz', { nullable: true })
  validTo!: Date | null;

  /** Null: the set-up gave it. */
  @Column('uuid', { nullable: true })
  grantedBy!: UserId | null;

  @Column('timestamptz', { default: () => 'now()' })
  grantedAt!: Date;

  @Column('text')
  reason!: string;

  /** Taken back before its end. */
  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  @Column('uuid', { nullable: true })
  endedBy!: UserId | null;
}
