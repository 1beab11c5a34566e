import type { ApprovalId, OrgUnitId, UserId } from '@yike/contracts/ids';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Action } from '../../domain/policy/actions.ts';
import type { GrantedRole } from '../../domain/policy/grants.ts';

/** The role that is to be given: ids only. */
export interface GrantSubject {
  readonly userId: UserId;
  readonly role: GrantedRole;
  readonly orgUnitId: OrgUnitId;
  /** A time in ISO 8601. */
  readonly validTo: string | null;
}

/** That somebody wants to do what takes two. */
@Entity('approvals')
@Check('approvals_decision', "decision IN ('agreed', 'declined')")
@Check('approvals_decided', '(decision IS NULL) = (decided_at IS NULL)')
@Check('approvals_two_people', 'decided_by <> requested_by')
@Index('approvals_waiting', ['orgUnitId', 'id'], { where: '(decision IS NULL)' })
export class ApprovalEntity {
  @PrimaryColumn('uuid')
  id!: ApprovalId;

  @Column('text')
  action!: Action;

  @Column('jsonb')
  subject!: GrantSubject;

  @Column('uuid')
  orgUnitId!: OrgUnitId;

  @Column('uuid')
  requestedBy!: UserId;

  @Column('timestamptz')
  requestedAt!: Date;

  @Column('text')
  reason!: string;

  /** Null: it waits. */
  @Column('text', { nullable: true })
  decision!: 'agreed' | 'declined' | null;

  @Column('uuid', { nullable: true })
  decidedBy!: UserId | null;

  @Column('timestamptz', { nullable: true })
  decidedAt!: Date | null;
}
