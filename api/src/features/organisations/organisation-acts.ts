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
import { changesBetween } from '../../domain/organisations/changes.ts';
import { narrowed, parentPath } from '../../domain/organisations/paths.ts';
import type { Action } from '../../domain/policy/actions.ts';
import { scopesFor } from '../../domain/policy/scopes.ts';
import { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import type { QueryIn } from '../../platform/http/endpoint.decorators.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Acts } from '../../platform/security/acts.ts';
import { type AdministrativeAct, AdministrativeActs } from '../audit/administrative-acts.ts';
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
    private readonly administration: AdministrativeActs,
    private readonly tree: TreeChangesService,
    private readonly departments: DepartmentsService,
    private readonly catalogue: OrganisationsCatalogue,
    private readonly organisations: OrganisationsService,
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
    const act = this.act(user, 'organisation.create', parentId);
    return this.change(act, (tx) => this.tree.create(plan, user.id, tx));
  }

  async edit(user: SignedInUser, id: OrgUnitId, edit: OrgUnitEdit): Promise<OrgUnit> {
    await this.allowAt(user, 'organisation.edit', id);
    const act = this.act(user, 'organisation.edit', id);
    return this.change(act, (tx) => this.tree.edit(id, edit, user.id, tx));
  }

  async move(
    user: SignedInUser,
    id: OrgUnitId,
    { parentId, reason }: z.output<typeof moveOrganisation.body>,
  ): Promise<OrgUnit> {
    await this.allowAbove(user, 'organisation.move', id);
    await this.allowAt(user, 'organisation.move', parentId);
    const act = { ...this.act(user, 'organisation.move', id), reason };
    return this.change(act, (tx) => this.tree.move(id, parentId, user.id, tx));
  }

  async merge(
    user: SignedInUser,
    id: OrgUnitId,
    { intoId, reason }: z.output<typeof mergeOrganisation.body>,
  ): Promise<OrgUnit> {
    await this.allowAbove(user, 'organisation.merge', id);
    await this.allowAt(user, 'organisation.merge', intoId);
    const act = { ...this.act(user, 'organisation.merge', id), reason };
    return this.change(act, (tx) => this.tree.merge(id, intoId, user.id, tx));
  }

  async close(user: SignedInUser, id: OrgUnitId, reason: string): Promise<OrgUnit> {
    await this.allowAbove(user, 'organisation.close', id);
    const act = { ...this.act(user, 'organisation.close', id), reason };
    return this.change(act, (tx) => this.tree.close(id, user.id, tx));
  }

  async addDepartment(user: SignedInUser, at: OrgUnitId, department: DepartmentEdit): Promise<Department> {
    await this.allowAt(user, 'department.add', at);
    return this.administration.record(this.act(user, 'department.add', at), async (tx) => {
      const added = await this.departments.add(at, department, tx);
      return { after: added, subject: { kind: 'department', id: added.id }, result: added };
    });
  }

  async editDepartment(user: SignedInUser, key: DepartmentKey, edit: DepartmentEdit): Promise<Department> {
    await this.allowAt(user, 'department.edit', key.orgUnitId);
    return this.administration.record(this.act(user, 'department.edit', key.orgUnitId), async (tx) => {
      const before = (await this.departments.of(key.orgUnitId, tx)).find(({ id }) => id === key.id);
      const after = await this.departments.edit(key, edit, tx);
      return { before, after, subject: { kind: 'department', id: key.id }, result: after };
    });
  }

  async removeDepartment(user: SignedInUser, key: DepartmentKey): Promise<void> {
    await this.allowAt(user, 'department.remove', key.orgUnitId);
    await this.administration.record(this.act(user, 'department.remove', key.orgUnitId), async (tx) => {
      const before = await this.departments.remove(key, tx);
      return { before, subject: { kind: 'department', id: key.id }, result: undefined };
    });
  }

  private async allowAt(user: SignedInUser, action: Action, id: OrgUnitId): Promise<void> {
    this.acts.allow(user, action, { orgPath: await this.organisations.pathOf(id) });
  }

  private async allowAbove(user: SignedInUser, action: Action, id: OrgUnitId): Promise<void> {
    const path = await this.organisations.pathOf(id);
    this.acts.allow(user, action, { orgPath: parentPath(path) ?? ABOVE_ALL });
  }

  private readonly act = (actor: SignedInUser, action: Action, orgUnitId: OrgUnitId | null) => ({
    ...{ actor, action, orgUnitId },
    subject: { kind: 'organisation', id: orgUnitId },
  });

  private async change(act: AdministrativeAct, work: (tx: Tx) => Promise<TreeChange>): Promise<OrgUnit> {
    const { after } = await this.administration.record(act, async (tx) => {
      const change = await work(tx);
      const { id } = change.after;
      const said = changesBetween(change.before ?? undefined, change.after);
      const to = { subject: { kind: 'organisation', id }, orgUnitId: id };
      return { before: { ...said.before }, after: { ...said.after }, ...to, result: change };
    });
    return this.catalogue.one(after.id);
  }
}
