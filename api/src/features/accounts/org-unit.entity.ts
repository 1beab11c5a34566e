import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrgUnitId } from '@yike/contracts/ids';

@Entity('org_units')
export class OrgUnitEntity {
  @PrimaryColumn('uuid')
  id!: OrgUnitId;

  @Column('text')
  name!: string;

  /** Null at the top. */
  @Column('uuid', { nullable: true })
  parentId!: OrgUnitId | null;
}
