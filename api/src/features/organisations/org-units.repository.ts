import { Injectable } from '@nestjs/common';
import type { OrgUnitId } from '@yike/contracts/ids';
import { In, IsNull } from 'typeorm';
import { NotFound } from '../../domain/domain-error.ts';
import { childPath, labelAfter, labelOf, LABEL_WIDTH, rangeOf } from '../../domain/organisations/paths.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { OrgUnitEntity, type OrgUnitRow } from './org-unit.entity.ts';

/** One change of the tree at a time: a number of ours among PostgreSQL's advisory locks. */
const TREE_LOCK = 7_133_011;
/** Few enough for one statement's parameters. */
const ROWS_AT_ONCE = 500;

/** A unit that is not in the tree yet: where it will stand follows from its parent. */
export type NewUnit = Pick<OrgUnitRow, 'id' | 'name' | 'level' | 'parentId'> &
  Partial<Pick<OrgUnitRow, 'institutionName' | 'population' | 'code'>>;

@Injectable()
export class OrgUnitsRepository {
  byId(id: OrgUnitId, tx: Tx): Promise<OrgUnitEntity | null> {
    return tx.findOneBy(OrgUnitEntity, { id });
  }

  /** @throws NotFound */
  async get(id: OrgUnitId, tx: Tx): Promise<OrgUnitEntity> {
    const unit = await this.byId(id, tx);
    if (unit === null) throw new NotFound('there is no such organisation');
    return unit;
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
    await this.addAll([unit], tx);
    return tx.findOneByOrFail(OrgUnitEntity, { id: unit.id });
  }

  /** Each after its parent, where that is one of them. In a transaction that holds the tree's lock. */
  async addAll(units: readonly NewUnit[], tx: Tx): Promise<OrgUnitEntity[]> {
    const ids = units.map(({ id }) => id);
    const parentIds = units.flatMap(({ parentId }) => parentId ?? []);
    const paths = new Map((await this.byIds([...new Set(parentIds)], tx)).map(({ id, path }) => [id, path]));
    let label = await this.highestLabel(tx);
    const rows: (NewUnit & { path: string })[] = [];
    for (const unit of units) {
      label = labelAfter(label);
      const above = unit.parentId === null ? null : paths.get(unit.parentId);
      if (above === undefined) throw new Error(`${unit.id} comes before its parent`);
      const path = childPath(above, label);
      paths.set(unit.id, path);
      rows.push({ ...unit, path });
    }
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      await tx.insert(OrgUnitEntity, rows.slice(at, at + ROWS_AT_ONCE));
    }
    return this.byIds(ids, tx);
  }

  async dropCodes(ids: readonly OrgUnitId[], tx: Tx): Promise<void> {
    await tx.update(OrgUnitEntity, { id: In(ids) }, { code: null });
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
