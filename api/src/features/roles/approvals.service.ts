import { Injectable } from '@nestjs/common';
import type { Approval, decideApproval, listApprovals } from '@yike/contracts/http/roles';
import { ApprovalId } from '@yike/contracts/ids';
import type { z } from 'zod';
import { DomainError, Forbidden, NotFound } from '../../domain/domain-error.ts';
import { scopesFor } from '../../domain/policy/scopes.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { QueryIn, ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { InvalidRequest } from '../../platform/problems/problems.ts';
import { PortalSockets } from '../../platform/realtime/portal-sockets.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Acts } from '../../platform/security/acts.ts';
import { AccountsService } from '../accounts/accounts.service.ts';
import { AdministrativeActs } from '../audit/administrative-acts.ts';
import { AuditLog } from '../audit/audit-log.service.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import type { ApprovalEntity } from './approval.entity.ts';
import { ApprovalsRepository } from './approvals.repository.ts';
import { RoleViews } from './role-views.ts';
import { RolesService } from './roles.service.ts';

/** Somebody has decided already. */
class AlreadyDecided extends DomainError {
  readonly code = 'wrong-state';
}

type Decision = z.output<typeof decideApproval.body>;

/** Acts that take two: who asked, who agrees, and then it is done in the same transaction. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly roles: RolesService,
    private readonly views: RoleViews,
    private readonly accounts: AccountsService,
    private readonly organisations: OrganisationsService,
    private readonly administration: AdministrativeActs,
    private readonly acts: Acts,
    private readonly log: AuditLog,
    private readonly sockets: PortalSockets,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async list(
    user: SignedInUser,
    { cursor, limit }: QueryIn<typeof listApprovals>,
  ): Promise<ReplyOf<typeof listApprovals>> {
    const after = ApprovalId.nullable().safeParse(cursor ?? null);
    if (!after.success) throw new InvalidRequest('the cursor is not one of ours');
    const scopes = scopesFor(user, 'approval.list', this.clock.nowMs());
    const tx = this.unitOfWork.reader;
    const rows = await this.approvals.waiting(scopes, { after: after.data, limit: limit + 1 }, tx);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { items: await this.views.approvals(shown, tx), nextCursor: last?.id ?? null };
  }

  /** @throws NotFound, Forbidden, StepUpNeeded, NeedsSecondPerson, AlreadyDecided */
  async decide(user: SignedInUser, id: ApprovalId, { agree, reason }: Decision): Promise<Approval> {
    const approval = await this.approvals.byId(id, this.unitOfWork.reader);
    if (approval === null) throw new NotFound('there is no such request');
    const { orgUnitId, requestedBy, subject } = approval;
    const decision = agree ? ('agreed' as const) : ('declined' as const);
    const act = {
      ...{ actor: user, action: 'approval.decide' as const, orgUnitId, reason },
      subject: { kind: 'approval', id },
      thing: { agreedBy: requestedBy, isHidden: true },
    };
    await this.administration.perform(act, async (tx) => {
      const decided = { decision, decidedBy: user.id, decidedAt: this.clock.now() };
      if (!(await this.approvals.decide(id, decided, tx))) throw new AlreadyDecided('it is decided');
      if (agree) await this.execute(user, approval, tx);
      return { before: { decision: null }, after: { decision, requestedBy, ...subject }, result: undefined };
    });
    this.sockets.refreshPerson(subject.userId);
    const row = await this.approvals.byId(id, this.unitOfWork.reader);
    const [shown] = await this.views.approvals(row === null ? [] : [row], this.unitOfWork.reader);
    if (shown === undefined) throw new NotFound('there is no such request');
    return shown;
  }

  /** Both people must have the right now, not only when it was asked for. */
  private async execute(user: SignedInUser, approval: ApprovalEntity, tx: Tx): Promise<void> {
    const { action, subject, orgUnitId, requestedBy, reason } = approval;
    const orgPath = await this.organisations.pathOf(orgUnitId, tx);
    const actingAs = this.acts.allow(user, action, { orgPath, agreedBy: requestedBy });
    const requester = await this.accounts.actor(requestedBy, tx);
    if (requester === null) throw new Forbidden('who asked for it is here no more');
    await this.roles.assertMayGive(requester, subject, tx);
    await this.roles.assertMayGive(user, subject, tx);
    await this.roles.give(requestedBy, { ...subject, reason }, tx);
    const about = { kind: 'person', id: subject.userId };
    const note = { actorId: user.id, actingAs, action, orgUnitId, reason };
    await this.log.append({ ...note, subject: about, after: { ...subject, requestedBy } }, tx);
  }
}
