import type { OrgLevel } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One place in the tree of organisations. A unit that is closed or merged keeps its row, for what happened there stays its own. */
@Entity('org_units')
@Check('org_units_level', "level IN ('city', 'district', 'sub-district', 'community')")
@Check('org_units_place', "path ~ '^([0-9a-z]{5})+$' AND (parent_id IS NULL) = (length(path) = 5)")
@Check('org_units_population', 'population >= 0')
@Check('org_units_merged', 'merged_into_id IS NULL OR closed_at IS NOT NULL')
@Index('org_units_path', ['path'], { unique: true })
@Index('org_units_code', ['code'], { unique: true })
@Index('org_units_parent', ['parentId'])
export class OrgUnitEntity {
  @PrimaryColumn('uuid')
  id!: OrgUnitId;

  /** 桂苑社区 */
  @Column('text')
  name!: string;

  /** Null at the top. */
  @Column('uuid', { nullable: true })
  parentId!: OrgUnitId | null;

  @Column('text')
  level!: OrgLevel;

  /** See `domain/organisations/paths.ts`. Compared as bytes. */
  @Column({ type: 'text', collation: 'C' })
  path!: string;

  /** 桂苑社区学习中心: the school that the unit runs. */
  @Column('text', { nullable: true })
  institutionName!: string | null;

  @Column('int4', { nullable: true })
  population!: number | null;

  /** Of the administrative division, as in the national list. */
  @Column('text', { nullable: true })
  code!: string | null;

  @Column('uuid', { nullable: true })
  mergedIntoId!: OrgUnitId | null;

  @Column('timestamptz', { nullable: true })
  closedAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}

/** A unit to be saved. */
export type OrgUnitRow = Pick<OrgUnitEntity, keyof OrgUnitEntity>;
