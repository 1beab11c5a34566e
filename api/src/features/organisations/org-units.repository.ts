import { Injectable } from '@nestjs/common';
import type { OrgUnitId } from '@yike/contracts/ids';
import { In } from 'typeorm';
import { childPath, labelAfter, LABEL_WIDTH, rangeOf } from '../../domain/organisations/paths.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { OrgUnitEntity, type OrgUnitRow } from './org-unit.entity.ts';

/** One change of the tree at a time: a number of ours among PostgreSQL's advisory locks. */
const TREE_LOCK = 7_133_011;

/** A unit that is not in the tree yet: where it will stand follows from its parent. */
export type NewUnit = Pick<OrgUnitRow, 'id' | 'name' | 'level' | 'parentId'> &
  Partial<Pick<OrgUnitRow, 'institutionName' | 'population' | 'code'>>;

@Injectable()
export class OrgUnitsRepository {
  byId(id: OrgUnitId, tx: Tx): Promise<OrgUnitEntity | null> {
    return tx.findOneBy(OrgUnitEntity, { id });
  }

  byIds(ids: readonly OrgUnitId[], tx: Tx): Promise<OrgUnitEntity[]> {
    return tx.findBy(OrgUnitEntity, { id: In(ids) });
  }

  /** The unit at the path and all below it, closed ones too, each after its parent. */
  under(path: string, tx: Tx): Promise<OrgUnitEntity[]> {
    const { from, to } = rangeOf(path);
    return tx
      .createQueryBuilder(OrgUnitEntity, 'unit')
      .where('unit.path >= :from AND unit.path < :to', { from, to })
      .orderBy('unit.path')
      .getMany();
  }

  /** Until the end of the transaction no other changes the tree. */
  async lockTree(tx: Tx): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [TREE_LOCK]);
  }

  /** Puts a unit under its parent, or at the top. Takes the tree's lock. */
  async add(unit: NewUnit, tx: Tx): Promise<OrgUnitEntity> {
    await this.lockTree(tx);
    const parent =
      unit.parentId === null ? null : await tx.findOneByOrFail(OrgUnitEntity, { id: unit.parentId });
    const path = childPath(parent?.path ?? null, labelAfter(await this.highestLabel(tx)));
    await tx.insert(OrgUnitEntity, { ...unit, path });
    return tx.findOneByOrFail(OrgUnitEntity, { id: unit.id });
  }

  private async highestLabel(tx: Tx): Promise<string | null> {
    const [row] = await tx.query<{ highest: string | null }[]>(
      `SELECT max(right(path, ${LABEL_WIDTH}) COLLATE "C") AS highest FROM org_units`,
    );
    return row?.highest ?? null;
  }
}
