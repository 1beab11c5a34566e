import { Controller } from '@nestjs/common';
import {
  addDepartment,
  closeOrganisation,
  createOrganisation,
  type Department,
  type DepartmentEdit,
  editDepartment,
  editOrganisation,
  getOrganisation,
  listOrganisations,
  mergeOrganisation,
  moveOrganisation,
  type OrgUnit,
  type OrgUnitDetail,
  type OrgUnitEdit,
  type OrgUnitPlan,
  removeDepartment,
  searchCommunities,
} from '@yike/contracts/http/organisations';
import { DepartmentId, OrgUnitId } from '@yike/contracts/ids';
import type { z } from 'zod';
import {
  BodyOf,
  IdParam,
  type QueryIn,
  QueryOf,
  type ReplyOf,
  Serves,
} from '../../platform/http/endpoint.decorators.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { OrganisationActs } from './organisation-acts.ts';
import { OrganisationsCatalogue } from './organisations-catalogue.ts';

@Controller()
export class OrganisationsController {
  constructor(
    private readonly catalogue: OrganisationsCatalogue,
    private readonly acts: OrganisationActs,
  ) {}

  @Serves(searchCommunities)
  @Does('community.search')
  communities(
    @QueryOf(searchCommunities) query: QueryIn<typeof searchCommunities>,
  ): Promise<ReplyOf<typeof searchCommunities>> {
    return this.catalogue.communities(query);
  }

  @Serves(listOrganisations)
  @Does('organisation.list')
  async list(
    @QueryOf(listOrganisations) query: QueryIn<typeof listOrganisations>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof listOrganisations>> {
    return { units: await this.acts.list(user, query) };
  }

  @Serves(getOrganisation)
  @Does('organisation.read')
  get(
    @IdParam('orgUnitId', OrgUnitId) id: OrgUnitId,
    @CurrentUser() user: SignedInUser,
  ): Promise<OrgUnitDetail> {
    return this.acts.read(user, id);
  }

  @Serves(createOrganisation)
  @Does('organisation.create')
  create(@BodyOf(createOrganisation) plan: OrgUnitPlan, @CurrentUser() user: SignedInUser): Promise<OrgUnit> {
    return this.acts.create(user, plan);
  }

  @Serves(editOrganisation)
  @Does('organisation.edit')
  edit(
    @IdParam('orgUnitId', OrgUnitId) id: OrgUnitId,
    @BodyOf(editOrganisation) edit: OrgUnitEdit,
    @CurrentUser() user: SignedInUser,
  ): Promise<OrgUnit> {
    return this.acts.edit(user, id, edit);
  }

  @Serves(moveOrganisation)
  @Does('organisation.move')
  move(
    @IdParam('orgUnitId', OrgUnitId) id: OrgUnitId,
    @BodyOf(moveOrganisation) move: z.output<typeof moveOrganisation.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<OrgUnit> {
    return this.acts.move(user, id, move);
  }

  @Serves(mergeOrganisation)
  @Does('organisation.merge')
  merge(
    @IdParam('orgUnitId', OrgUnitId) id: OrgUnitId,
    @BodyOf(mergeOrganisation) merge: z.output<typeof mergeOrganisation.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<OrgUnit> {
    return this.acts.merge(user, id, merge);
  }

  @Serves(closeOrganisation)
  @Does('organisation.close')
  close(
    @IdParam('orgUnitId', OrgUnitId) id: OrgUnitId,
    @BodyOf(closeOrganisation) { reason }: z.output<typeof closeOrganisation.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<OrgUnit> {
    return this.acts.close(user, id, reason);
  }

  @Serves(addDepartment)
  @Does('department.add')
  addDepartment(
    @IdParam('orgUnitId', OrgUnitId) orgUnitId: OrgUnitId,
    @BodyOf(addDepartment) department: DepartmentEdit,
    @CurrentUser() user: SignedInUser,
  ): Promise<Department> {
    return this.acts.addDepartment(user, orgUnitId, department);
  }

  @Serves(editDepartment)
  @Does('department.edit')
  editDepartment(
    @IdParam('orgUnitId', OrgUnitId) orgUnitId: OrgUnitId,
    @IdParam('departmentId', DepartmentId) id: DepartmentId,
    @BodyOf(editDepartment) department: DepartmentEdit,
    @CurrentUser() user: SignedInUser,
  ): Promise<Department> {
    return this.acts.editDepartment(user, { orgUnitId, id }, department);
  }

  @Serves(removeDepartment)
  @Does('department.remove')
  removeDepartment(
    @IdParam('orgUnitId', OrgUnitId) orgUnitId: OrgUnitId,
    @IdParam('departmentId', DepartmentId) id: DepartmentId,
    @CurrentUser() user: SignedInUser,
  ): Promise<void> {
    return this.acts.removeDepartment(user, { orgUnitId, id });
  }
}
