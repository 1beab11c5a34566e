import type { OrgChangeKind } from '@yike/contracts/http/organisations';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { StepFields } from '../../domain/organisations/changes.ts';

/** One step of a unit's history; only ever added. */
@Entity('org_unit_changes')
@Index('org_unit_changes_unit', ['orgUnitId', 'at'])
export class OrgUnitChangeEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  orgUnitId!: OrgUnitId;

  @Column('text')
  kind!: OrgChangeKind;

  /** The fields that changed, as they were. */
  @Column('jsonb')
  before!: StepFields;

  /** The same fields, as they are since. */
  @Column('jsonb')
  after!: StepFields;

  /** Null where the set-up did it. */
  @Column('uuid', { nullable: true })
  actorId!: UserId | null;

  @Column('timestamptz')
  at!: Date;
}
