import { Injectable } from '@nestjs/common';
import type { OrgChangeKind, OrgUnitEdit, OrgUnitPlan } from '@yike/contracts/http/organisations';
import { OrgUnitId, type UserId } from '@yike/contracts/ids';
import {
  assertCanClose,
  assertCanMerge,
  assertCanMove,
  assertNameFree,
  assertOpen,
  assertPlace,
  TreeRefusal,
} from '../../domain/organisations/tree-rules.ts';
import { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import { OrgUnitsRepository } from './org-units.repository.ts';
import { OrganisationsService } from './organisations.service.ts';
import { ResidentsPort } from './residents-port.ts';
import { type TreeChange, UnitHistories } from './unit-histories.ts';

/**
 * Changes the tree, one change at a time, inside the caller's transaction, and writes each into the histories of the units that it touches.
 * Who may do it is the caller's question. All throw TreeRefusal, and NotFound for a unit that is not there.
 */
@Injectable()
export class TreeChangesService {
  constructor(
    private readonly units: OrgUnitsRepository,
    private readonly histories: UnitHistories,
    private readonly organisations: OrganisationsService,
    private readonly residents: ResidentsPort,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async create(plan: OrgUnitPlan, by: UserId, tx: Tx): Promise<TreeChange> {
    await this.units.lockTree(tx);
    const id = this.ids.next(OrgUnitId);
    assertPlace(plan.level, plan.parentId === null ? null : await this.units.get(plan.parentId, tx));
    assertNameFree({ id, name: plan.name }, await this.units.childrenOf(plan.parentId, tx));
    await this.assertCodeFree(id, plan.code, tx);
    const after = await this.units.add({ id, ...plan }, tx);
    return this.written('created', { before: null, after }, by, tx);
  }

  async edit(id: OrgUnitId, edit: OrgUnitEdit, by: UserId, tx: Tx): Promise<TreeChange> {
    await this.units.lockTree(tx);
    const before = await this.units.get(id, tx);
    assertOpen(before);
    assertNameFree({ id, name: edit.name }, await this.units.childrenOf(before.parentId, tx));
    await this.assertCodeFree(id, edit.code, tx);
    await this.units.update(id, edit, tx);
    return this.written('edited', { before, after: await this.units.get(id, tx) }, by, tx);
  }

  /** With everything below. */
  async move(id: OrgUnitId, parentId: OrgUnitId, by: UserId, tx: Tx): Promise<TreeChange> {
    await this.units.lockTree(tx);
    const before = await this.units.get(id, tx);
    const parent = await this.units.get(parentId, tx);
    assertCanMove(before, parent, await this.units.childrenOf(parentId, tx));
    await this.units.move(before, parent, tx);
    return this.written('moved', { before, after: await this.units.get(id, tx) }, by, tx);
  }

  /** Open units below, residents and whatever else hears of it go to the other; this one is closed. Its code is free again. */
  async merge(id: OrgUnitId, intoId: OrgUnitId, by: UserId, tx: Tx): Promise<TreeChange> {
    await this.units.lockTree(tx);
    const before = await this.units.get(id, tx);
    const into = await this.units.get(intoId, tx);
    const children = await this.units.childrenOf(id, tx);
    const childrenThere = await this.units.childrenOf(intoId, tx);
    assertCanMerge({ unit: before, into, children, childrenThere });
    for (const child of children) {
      if (child.closedAt === null) await this.move(child.id, intoId, by, tx);
    }
    await this.organisations.announceMerge({ from: id, into: intoId }, tx);
    await this.units.update(id, { mergedIntoId: intoId, closedAt: this.clock.now(), code: null }, tx);
    await this.histories.writeAbsorbed(intoId, id, by, tx);
    return this.written('merged', { before, after: await this.units.get(id, tx) }, by, tx);
  }

  /** Its code is free again. */
  async close(id: OrgUnitId, by: UserId, tx: Tx): Promise<TreeChange> {
    await this.units.lockTree(tx);
    const before = await this.units.get(id, tx);
    const residents = await this.residents.countByHome([id], tx);
    assertCanClose(before, await this.units.childrenOf(id, tx), residents.get(id) ?? 0);
    await this.units.update(id, { closedAt: this.clock.now(), code: null }, tx);
    return this.written('closed', { before, after: await this.units.get(id, tx) }, by, tx);
  }

  private async assertCodeFree(id: OrgUnitId, code: string | null, tx: Tx): Promise<void> {
    const holder = code === null ? null : await this.units.byCode(code, tx);
    if (holder !== null && holder.id !== id) {
      throw new TreeRefusal('organisation-code-taken', `${holder.id} has this code`);
    }
  }

  private async written(kind: OrgChangeKind, change: TreeChange, by: UserId, tx: Tx): Promise<TreeChange> {
    await this.histories.write(kind, change, by, tx);
    return change;
  }
}
