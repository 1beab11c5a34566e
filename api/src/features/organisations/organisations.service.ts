import { Injectable } from '@nestjs/common';
import type { OrgLevel } from '@yike/contracts/http/organisations';
import type { OrgUnitId } from '@yike/contracts/ids';
import { NotFound } from '../../domain/domain-error.ts';
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

/** Where organisations stand. */
@Injectable()
export class OrganisationsService {
  constructor(
    private readonly units: OrgUnitsRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws NotFound */
  async pathOf(id: OrgUnitId, tx: Tx = this.unitOfWork.reader): Promise<string> {
    const unit = await this.units.byId(id, tx);
    if (unit === null) throw new NotFound('there is no such organisation');
    return unit.path;
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
}
