import { Injectable } from '@nestjs/common';
import type { OrgUnitId } from '@yike/contracts/ids';
import { In, IsNull } from 'typeorm';
import { childPath, labelAfter, labelOf, LABEL_WIDTH, rangeOf } from '../../domain/organisations/paths.ts';
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

  /** All units directly below, closed ones too; of null: the tops of trees. */
  childrenOf(parentId: OrgUnitId | null, tx: Tx): Promise<OrgUnitEntity[]> {
    return tx.findBy(OrgUnitEntity, { parentId: parentId ?? IsNull() });
  }

  /**
   * Open communities in whose line of names every word occurs, in the order of the tree. There are some thousands of them at most, so they are
   * simply looked through.
   */
  async communities(
    words: readonly string[],
    page: { readonly afterPath: string; readonly limit: number },
    tx: Tx,
  ): Promise<OrgUnitEntity[]> {
    const query = tx
      .createQueryBuilder(OrgUnitEntity, 'unit')
      .where("unit.level = 'community' AND unit.closed_at IS NULL AND unit.path > :afterPath", page);
    for (const [index, word] of words.entries()) {
      query.andWhere(
        `EXISTS (SELECT FROM org_units above WHERE starts_with(unit.path, above.path)
           AND strpos(lower(above.name || ' ' || coalesce(above.institution_name, '')), :word${index}) > 0)`,
        { [`word${index}`]: word.toLowerCase() },
      );
    }
    return query.orderBy('unit.path').limit(page.limit).getMany();
  }

  /** By path. */
  async namesAt(paths: readonly string[], tx: Tx): Promise<Map<string, string>> {
    const units = await tx.findBy(OrgUnitEntity, { path: In(paths) });
    return new Map(units.map(({ path, name }) => [path, name]));
  }

  byCode(code: string, tx: Tx): Promise<OrgUnitEntity | null> {
    return tx.findOneBy(OrgUnitEntity, { code });
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

  async update(id: OrgUnitId, changes: Partial<Omit<OrgUnitRow, 'id' | 'path'>>, tx: Tx): Promise<void> {
    await tx.update(OrgUnitEntity, { id }, changes);
  }

  /** Puts a unit with all below it under another one, by one statement. */
  async move(unit: OrgUnitEntity, parent: OrgUnitEntity, tx: Tx): Promise<void> {
    const { from, to } = rangeOf(unit.path);
    await tx.query(
      `UPDATE org_units SET path = $3 || substr(path, length($1) + 1),
         parent_id = CASE WHEN id = $4 THEN $5 ELSE parent_id END
       WHERE path >= $1 AND path < $2`,
      [from, to, childPath(parent.path, labelOf(unit.path)), unit.id, parent.id],
    );
  }

  private async highestLabel(tx: Tx): Promise<string | null> {
    const [row] = await tx.query<{ highest: string | null }[]>(
      `SELECT max(right(path, ${LABEL_WIDTH}) COLLATE "C") AS highest FROM org_units`,
    );
    return row?.highest ?? null;
  }
}
