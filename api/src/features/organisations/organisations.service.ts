import { Injectable } from '@nestjs/common';
import type { OrgLevel } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { OrgUnitsRepository } from './org-units.repository.ts';

/** What other features may show of an organisation. */
export interface Organisation {
  readonly id: OrgUnitId;
  readonly name: string;
  readonly level: OrgLevel;
  readonly path: string;
  readonly isClosed: boolean;
}

/** One unit becomes part of another: what is kept by unit may go with it, in the same transaction. */
export interface UnitMerge {
  readonly from: OrgUnitId;
  readonly into: OrgUnitId;
}
export type MergeListener = (merge: UnitMerge, tx: Tx) => Promise<void>;

/** Where organisations stand. */
@Injectable()
export class OrganisationsService {
  private readonly mergeListeners: MergeListener[] = [];

  constructor(
    private readonly units: OrgUnitsRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Registers what else must happen when units are merged; called once, when a module starts. */
  onMerged(listener: MergeListener): void {
    this.mergeListeners.push(listener);
  }

  /** @throws NotFound */
  async pathOf(id: OrgUnitId, tx: Tx = this.unitOfWork.reader): Promise<string> {
    return (await this.units.get(id, tx)).path;
  }

  /** Of those that exist, by id. */
  async paths(
    ids: readonly OrgUnitId[],
    tx: Tx = this.unitOfWork.reader,
  ): Promise<ReadonlyMap<OrgUnitId, string>> {
    const units = await this.units.byIds([...new Set(ids)], tx);
    return new Map(units.map(({ id, path }) => [id, path]));
  }

  /** Of those that exist, by id. */
  async names(
    ids: readonly OrgUnitId[],
    tx: Tx = this.unitOfWork.reader,
  ): Promise<ReadonlyMap<OrgUnitId, string>> {
    const units = await this.units.byIds([...new Set(ids)], tx);
    return new Map(units.map(({ id, name }) => [id, name]));
  }

  /** What residents know them by, the institution where there is one: of those that exist, by id. */
  async publicNames(
    ids: readonly OrgUnitId[],
    tx: Tx = this.unitOfWork.reader,
  ): Promise<ReadonlyMap<OrgUnitId, string>> {
    const units = await this.units.byIds([...new Set(ids)], tx);
    return new Map(units.map(({ id, name, institutionName }) => [id, institutionName ?? name]));
  }

  /** The unit and all below it, closed ones too, each after its parent. @throws NotFound */
  async subtree(id: OrgUnitId, tx: Tx = this.unitOfWork.reader): Promise<Organisation[]> {
    const units = await this.units.under(await this.pathOf(id, tx), tx);
    return units.map(({ id, name, level, path, closedAt }) => ({
      ...{ id, name, level, path },
      isClosed: closedAt !== null,
    }));
  }

  /** Tells whoever keeps something by unit. */
  async announceMerge(merge: UnitMerge, tx: Tx): Promise<void> {
    for (const listener of this.mergeListeners) await listener(merge, tx);
  }
}
