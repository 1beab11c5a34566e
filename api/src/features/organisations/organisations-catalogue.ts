import { Injectable } from '@nestjs/common';
import type {
  listOrganisations,
  OrgUnit,
  OrgUnitDetail,
  OrgUnitStep,
  searchCommunities,
} from '@yike/contracts/http/organisations';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { lineOf, parentPath } from '../../domain/organisations/paths.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { QueryIn, ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { InvalidRequest } from '../../platform/problems/problems.ts';
import { DepartmentsService } from './departments.service.ts';
import type { OrgUnitChangeEntity } from './org-unit-change.entity.ts';
import { OrgUnitChangesRepository } from './org-unit-changes.repository.ts';
import type { OrgUnitEntity } from './org-unit.entity.ts';
import { OrgUnitsRepository } from './org-units.repository.ts';
import { ResidentsPort } from './residents-port.ts';
import { shownUnit } from './shown-unit.ts';
import { toldChanges, unitsNamedIn } from './told-changes.ts';

const HISTORY_LENGTH = 50;
const PATH = /^(?:[0-9a-z]{5})+$/;

/** What is shown of the tree. */
@Injectable()
export class OrganisationsCatalogue {
  constructor(
    private readonly units: OrgUnitsRepository,
    private readonly changes: OrgUnitChangesRepository,
    private readonly departments: DepartmentsService,
    private readonly residents: ResidentsPort,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The units at these paths and all below them, each after its parent. Paths may lie within each other. */
  async list(
    scopes: readonly string[],
    closed: QueryIn<typeof listOrganisations>['closed'],
  ): Promise<OrgUnit[]> {
    const tx = this.unitOfWork.reader;
    const found = new Map<OrgUnitId, OrgUnitEntity>();
    for (const scope of scopes) {
      for (const unit of await this.units.under(scope, tx)) found.set(unit.id, unit);
    }
    const units = [...found.values()].filter(({ closedAt }) => closed === 'yes' || closedAt === null);
    return this.shown(units.toSorted(byPath));
  }

  /** @throws NotFound */
  async one(id: OrgUnitId): Promise<OrgUnit> {
    const unit = await this.units.get(id, this.unitOfWork.reader);
    const residents = await this.residents.countByHome([id], this.unitOfWork.reader);
    return shownUnit(unit, residents.get(id) ?? 0);
  }

  /** @throws NotFound */
  async detail(id: OrgUnitId): Promise<OrgUnitDetail> {
    const tx = this.unitOfWork.reader;
    const [unit, departments, steps] = await Promise.all([
      this.one(id),
      this.departments.of(id, tx),
      this.changes.ofUnit(id, HISTORY_LENGTH, tx),
    ]);
    return { unit, departments, history: await this.told(steps) };
  }

  async communities({
    q,
    cursor,
    limit,
  }: QueryIn<typeof searchCommunities>): Promise<ReplyOf<typeof searchCommunities>> {
    const tx = this.unitOfWork.reader;
    const words = q.split(/\s+/).filter((word) => word !== '');
    const found = await this.units.communities(words, { afterPath: pathIn(cursor), limit: limit + 1 }, tx);
    const shown = found.slice(0, limit);
    const linesAbove = shown.map(({ path }) => lineOf(parentPath(path) ?? ''));
    const names = await this.units.namesAt([...new Set(linesAbove.flat())], tx);
    return {
      items: shown.map(({ id, name, institutionName }, index) => ({
        ...{ id, name, institutionName },
        above: (linesAbove[index] ?? []).map((path) => names.get(path) ?? ''),
      })),
      nextCursor: found.length > limit ? (shown.at(-1)?.path ?? null) : null,
    };
  }

  private async shown(units: readonly OrgUnitEntity[]): Promise<OrgUnit[]> {
    const ids = units.map(({ id }) => id);
    const residents = await this.residents.countByHome(ids, this.unitOfWork.reader);
    return units.map((unit) => shownUnit(unit, residents.get(unit.id) ?? 0));
  }

  private async told(steps: readonly OrgUnitChangeEntity[]): Promise<OrgUnitStep[]> {
    const tx = this.unitOfWork.reader;
    const named = steps.flatMap(({ before, after }) => [...unitsNamedIn(before), ...unitsNamedIn(after)]);
    const units = await this.units.byIds([...new Set(named)], tx);
    const names = new Map(units.map(({ id, name }) => [id, name]));
    const actors = steps.flatMap(({ actorId }) => actorId ?? []);
    const people = await this.residents.displayNames(actors, tx);
    const by = (actorId: UserId | null): string | null =>
      actorId === null ? null : (people.get(actorId) ?? null);
    return steps.map(({ id, kind, at, actorId, ...fields }) => ({
      ...{ id, kind, at: at.toISOString(), by: by(actorId) },
      changes: toldChanges(fields, (unitId) => names.get(unitId) ?? ''),
    }));
  }
}

const byPath = (a: OrgUnitEntity, b: OrgUnitEntity): number => (a.path < b.path ? -1 : 1);

/** Where a page of communities ended. @throws InvalidRequest for what is no path */
function pathIn(cursor: string | undefined): string {
  if (cursor !== undefined && !PATH.test(cursor)) throw new InvalidRequest('the cursor is not one of ours');
  return cursor ?? '';
}
