import type { DepartmentId, OrgUnitId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A department of an organisation: the second axis, beside the tree. */
@Entity('departments')
@Index('departments_name', ['orgUnitId', 'name'], { unique: true })
export class DepartmentEntity {
  @PrimaryColumn('uuid')
  id!: DepartmentId;

  @Column('uuid')
  orgUnitId!: OrgUnitId;

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  code!: string | null;
}

/** A department to be saved. */
export type DepartmentRow = Pick<DepartmentEntity, keyof DepartmentEntity>;
