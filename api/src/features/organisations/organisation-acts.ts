import { Injectable } from '@nestjs/common';
import type {
  Department,
  DepartmentEdit,
  listOrganisations,
  mergeOrganisation,
  moveOrganisation,
  OrgUnit,
  OrgUnitDetail,
  OrgUnitEdit,
  OrgUnitPlan,
} from '@yike/contracts/http/organisations';
import type { DepartmentId, OrgUnitId } from '@yike/contracts/ids';
import type { z } from 'zod';
import { narrowed, parentPath } from '../../domain/organisations/paths.ts';
import type { Action } from '../../domain/policy/actions.ts';
import { scopesFor } from '../../domain/policy/scopes.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { QueryIn } from '../../platform/http/endpoint.decorators.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Acts } from '../../platform/security/acts.ts';
import { DepartmentsService } from './departments.service.ts';
import { OrganisationsCatalogue } from './organisations-catalogue.ts';
import { OrganisationsService } from './organisations.service.ts';
import { TreeChangesService } from './tree-changes.service.ts';
import type { TreeChange } from './unit-histories.ts';

interface DepartmentKey {
  readonly orgUnitId: OrgUnitId;
  readonly id: DepartmentId;
}

/** Where the tops of trees stand: only who looks after the whole house reaches it. */
const ABOVE_ALL = '';

/**
 * What administrators do to the tree, each act in one transaction. A unit's own words are its administrators' to change; where it stands, and
 * whether it goes on, is decided from above it.
 */
@Injectable()
export class OrganisationActs {
  constructor(
    private readonly acts: Acts,
    private readonly tree: TreeChangesService,
    private readonly departments: DepartmentsService,
    private readonly catalogue: OrganisationsCatalogue,
    private readonly organisations: OrganisationsService,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** What this person looks after; of that, what is at or below the given unit. @throws NotFound */
  async list(user: SignedInUser, { under, closed }: QueryIn<typeof listOrganisations>): Promise<OrgUnit[]> {
    const scopes = scopesFor(user, 'organisation.list', this.clock.nowMs());
    const wanted = under === undefined ? ABOVE_ALL : await this.organisations.pathOf(under);
    return this.catalogue.list(narrowed(scopes, wanted), closed);
  }

  async read(user: SignedInUser, id: OrgUnitId): Promise<OrgUnitDetail> {
    await this.allowAt(user, 'organisation.read', id);
    return this.catalogue.detail(id);
  }

  async create(user: SignedInUser, plan: OrgUnitPlan): Promise<OrgUnit> {
    const { parentId } = plan;
    const orgPath = parentId === null ? ABOVE_ALL : await this.organisations.pathOf(parentId);
    this.acts.allow(user, 'organisation.create', { orgPath });
    return this.change((tx) => this.tree.create(plan, user.id, tx));
  }

  async edit(user: SignedInUser, id: OrgUnitId, edit: OrgUnitEdit): Promise<OrgUnit> {
    await this.allowAt(user, 'organisation.edit', id);
    return this.change((tx) => this.tree.edit(id, edit, user.id, tx));
  }

  async move(
    user: SignedInUser,
    id: OrgUnitId,
    { parentId }: z.output<typeof moveOrganisation.body>,
  ): Promise<OrgUnit> {
    await this.allowAbove(user, 'organisation.move', id);
    await this.allowAt(user, 'organisation.move', parentId);
    return this.change((tx) => this.tree.move(id, parentId, user.id, tx));
  }

  async merge(
    user: SignedInUser,
    id: OrgUnitId,
    { intoId }: z.output<typeof mergeOrganisation.body>,
  ): Promise<OrgUnit> {
    await this.allowAbove(user, 'organisation.merge', id);
    await this.allowAt(user, 'organisation.merge', intoId);
    return this.change((tx) => this.tree.merge(id, intoId, user.id, tx));
  }

  async close(user: SignedInUser, id: OrgUnitId): Promise<OrgUnit> {
    await this.allowAbove(user, 'organisation.close', id);
    return this.change((tx) => this.tree.close(id, user.id, tx));
  }

  async addDepartment(user: SignedInUser, at: OrgUnitId, department: DepartmentEdit): Promise<Department> {
    await this.allowAt(user, 'department.add', at);
    return this.unitOfWork.run((tx) => this.departments.add(at, department, tx));
  }

  async editDepartment(user: SignedInUser, key: DepartmentKey, edit: DepartmentEdit): Promise<Department> {
    await this.allowAt(user, 'department.edit', key.orgUnitId);
    return this.unitOfWork.run((tx) => this.departments.edit(key, edit, tx));
  }

  async removeDepartment(user: SignedInUser, key: DepartmentKey): Promise<void> {
    await this.allowAt(user, 'department.remove', key.orgUnitId);
    await this.unitOfWork.run((tx) => this.departments.remove(key, tx));
  }

  private async allowAt(user: SignedInUser, action: Action, id: OrgUnitId): Promise<void> {
    this.acts.allow(user, action, { orgPath: await this.organisations.pathOf(id) });
  }

  private async allowAbove(user: SignedInUser, action: Action, id: OrgUnitId): Promise<void> {
    const path = await this.organisations.pathOf(id);
    this.acts.allow(user, action, { orgPath: parentPath(path) ?? ABOVE_ALL });
  }

  private async change(work: (tx: Tx) => Promise<TreeChange>): Promise<OrgUnit> {
    const { after } = await this.unitOfWork.run(work);
    return this.catalogue.one(after.id);
  }
}
