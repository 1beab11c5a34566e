import { Controller } from '@nestjs/common';
import {
  type Approval,
  decideApproval,
  endRoleGrant,
  grantRole,
  listApprovals,
  listRoleGrants,
  type RoleGrant,
  type WantedRole,
} from '@yike/contracts/http/roles';
import { ApprovalId, RoleGrantId } from '@yike/contracts/ids';
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
import { ApprovalsService } from './approvals.service.ts';
import { RolesService } from './roles.service.ts';

@Controller()
export class RolesController {
  constructor(
    private readonly roles: RolesService,
    private readonly approvals: ApprovalsService,
  ) {}

  @Serves(listRoleGrants)
  @Does('role.list')
  list(
    @QueryOf(listRoleGrants) query: QueryIn<typeof listRoleGrants>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof listRoleGrants>> {
    return this.roles.list(user, query);
  }

  @Serves(grantRole)
  @Does('role.grant')
  grant(
    @BodyOf(grantRole) wanted: WantedRole,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof grantRole>> {
    return this.roles.grant(user, wanted);
  }

  @Serves(endRoleGrant)
  @Does('role.end')
  end(
    @IdParam('grantId', RoleGrantId) id: RoleGrantId,
    @BodyOf(endRoleGrant) { reason }: z.output<typeof endRoleGrant.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<RoleGrant> {
    return this.roles.end(user, id, reason);
  }

  @Serves(listApprovals)
  @Does('approval.list')
  listApprovals(
    @QueryOf(listApprovals) query: QueryIn<typeof listApprovals>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof listApprovals>> {
    return this.approvals.list(user, query);
  }

  @Serves(decideApproval)
  @Does('approval.decide')
  decide(
    @IdParam('approvalId', ApprovalId) id: ApprovalId,
    @BodyOf(decideApproval) decision: z.output<typeof decideApproval.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<Approval> {
    return this.approvals.decide(user, id, decision);
  }
}
