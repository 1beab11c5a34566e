import { Injectable } from '@nestjs/common';
import { OrgUnitId, type UserId } from '@yike/contracts/ids';
import type { ChangedUnit, CreatedUnit, ImportPlan } from '../../../domain/organisations/plan-import.ts';
import type { PlannedUnit } from '../../../domain/organisations/planned-tree.ts';
import type { Tx } from '../../../platform/database/unit-of-work.ts';
import { Ids } from '../../../platform/ids.ts';
import type { NewUnit } from '../org-units.repository.ts';
import { OrgUnitsRepository } from '../org-units.repository.ts';
import { UnitHistories } from '../unit-histories.ts';

/**
 * Puts the plan of an import into the tree. The plan was made of the tree as it stands, under its lock, so nothing is checked again: what
 * comes between the first change and the last need not be a tree that the rules allow.
 */
@Injectable()
export class PlannedChanges {
  constructor(
    private readonly units: OrgUnitsRepository,
    private readonly histories: UnitHistories,
    private readonly ids: Ids,
  ) {}

  async apply({ created, changed }: ImportPlan, by: UserId, tx: Tx): Promise<void> {
    // A code may go from one unit to another.
    const recoded = changed.filter(({ known, code }) => known.code !== null && known.code !== code);
    const before = new Map(
      (
        await this.units.byIds(
          changed.map(({ known }) => known.id),
          tx,
        )
      ).map((unit) => [unit.id, unit]),
    );
    await this.units.dropCodes(
      recoded.map(({ known }) => known.id),
      tx,
    );
    const ids = await this.create(created, by, tx);
    for (const unit of changed) {
      await this.change(unit, ids, tx);
      const after = await this.units.get(unit.known.id, tx);
      const was = before.get(unit.known.id) ?? null;
      const kind = was?.parentId === after.parentId ? 'edited' : 'moved';
      await this.histories.write(kind, { before: was, after }, by, tx);
    }
  }

  /** The ids of what was created, by the plan's units. */
  private async create(
    created: readonly CreatedUnit[],
    by: UserId,
    tx: Tx,
  ): Promise<ReadonlyMap<PlannedUnit, OrgUnitId>> {
    const ids = new Map<PlannedUnit, OrgUnitId>(created.map((unit) => [unit, this.ids.next(OrgUnitId)]));
    const rows = created.map((unit): NewUnit => {
      const { name, level, institutionName, population, code } = unit;
      const id = idOf(unit, ids);
      return { id, name, level, institutionName, population, code, parentId: parentIdOf(unit, ids) };
    });
    const added = await this.units.addAll(rows, tx);
    await this.histories.writeCreated(added, by, tx);
    return ids;
  }

  private async change(unit: ChangedUnit, ids: ReadonlyMap<PlannedUnit, OrgUnitId>, tx: Tx): Promise<void> {
    const { known, name, institutionName, population, code } = unit;
    const parentId = parentIdOf(unit, ids);
    if (parentId !== null && parentId !== known.parentId) {
      await this.units.move(await this.units.get(known.id, tx), await this.units.get(parentId, tx), tx);
    }
    await this.units.update(known.id, { name, institutionName, population, code }, tx);
  }
}

function idOf(unit: PlannedUnit, ids: ReadonlyMap<PlannedUnit, OrgUnitId>): OrgUnitId {
  const id = unit.known?.id ?? ids.get(unit);
  if (id === undefined) throw new Error(`line ${unit.line} has no unit`);
  return id;
}

const parentIdOf = ({ parent }: PlannedUnit, ids: ReadonlyMap<PlannedUnit, OrgUnitId>): OrgUnitId | null =>
  parent === null ? null : idOf(parent, ids);
