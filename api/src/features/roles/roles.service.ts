import { Injectable } from '@nestjs/common';
import type { grantRole, listRoleGrants, RoleGrant, WantedRole } from '@yike/contracts/http/roles';
import { ApprovalId, type OrgUnitId, RoleGrantId, type UserId } from '@yike/contracts/ids';
import { DomainError, Forbidden, NotFound } from '../../domain/domain-error.ts';
import { narrowed } from '../../domain/organisations/paths.ts';
import { type GrantedRole, isAdministrator, refuseGrant } from '../../domain/policy/grants.ts';
import { scopesFor } from '../../domain/policy/scopes.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { QueryIn, ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { Ids } from '../../platform/ids.ts';
import { InvalidRequest } from '../../platform/problems/problems.ts';
import { PortalSockets } from '../../platform/realtime/portal-sockets.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { AccountsService } from '../accounts/accounts.service.ts';
import { AdministrativeActs } from '../audit/administrative-acts.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import type { GrantSubject } from './approval.entity.ts';
import { ApprovalsRepository } from './approvals.repository.ts';
import { RoleGrantsRepository } from './role-grants.repository.ts';
import { RoleViews } from './role-views.ts';

/** The grant has ended. */
class GrantIsOver extends DomainError {
  readonly code = 'wrong-state';
}

/** Who gives and takes roles, and who has them. */
@Injectable()
export class RolesService {
  constructor(
    private readonly held: RoleGrantsRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly views: RoleViews,
    private readonly accounts: AccountsService,
    private readonly organisations: OrganisationsService,
    private readonly administration: AdministrativeActs,
    private readonly sockets: PortalSockets,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async list(
    user: SignedInUser,
    { under, role, userId, ended, cursor, limit }: QueryIn<typeof listRoleGrants>,
  ): Promise<ReplyOf<typeof listRoleGrants>> {
    const wanted = under === undefined ? '' : await this.organisations.pathOf(under);
    const scopes = narrowed(scopesFor(user, 'role.list', this.clock.nowMs()), wanted);
    const filter = { scopes, role, userId, validAt: ended === 'yes' ? null : this.clock.now() };
    const before = RoleGrantId.nullable().safeParse(cursor ?? null);
    if (!before.success) throw new InvalidRequest('the cursor is not one of ours');
    const tx = this.unitOfWork.reader;
    const rows = await this.held.find(filter, { before: before.data, limit: limit + 1 }, tx);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { items: await this.views.grants(shown, tx), nextCursor: last?.id ?? null };
  }

  /**
   * Gives it, or asks for the second person where the role governs people.
   * @throws Forbidden, NotFound, StepUpNeeded, InvalidRequest
   */
  async grant(user: SignedInUser, wanted: WantedRole): Promise<ReplyOf<typeof grantRole>> {
    const { reason, ...subject } = wanted;
    const now = this.clock.now();
    if (subject.validTo !== null && new Date(subject.validTo) <= now) {
      throw new InvalidRequest('the role would be over before it begins');
    }
    const { orgUnitId } = subject;
    const about = { kind: 'person', id: subject.userId };
    const act = { actor: user, action: 'role.grant' as const, orgUnitId, subject: about, reason };
    const needsTwo = isAdministrator(subject.role);
    const id = await this.administration.perform(act, async (tx) => {
      await this.assertMayGive(user, subject, tx);
      const made = needsTwo ? await this.ask(user, wanted, tx) : await this.give(user.id, wanted, tx);
      return { after: { ...subject, waitsForSecondPerson: needsTwo }, result: made };
    });
    const tx = this.unitOfWork.reader;
    if (needsTwo) {
      const asked = await this.approvals.byId(ApprovalId.parse(id), tx);
      return {
        grant: null,
        approval: (await this.views.approvals(asked === null ? [] : [asked], tx))[0] ?? null,
      };
    }
    this.sockets.refreshPerson(subject.userId);
    return { grant: await this.one(RoleGrantId.parse(id), tx), approval: null };
  }

  /** @throws Forbidden, NotFound, StepUpNeeded, GrantIsOver */
  async end(user: SignedInUser, id: RoleGrantId, reason: string): Promise<RoleGrant> {
    const reader = this.unitOfWork.reader;
    const grant = await this.held.byId(id, reader);
    if (grant === null) throw new NotFound('there is no such grant');
    const { userId, role, orgUnitId } = grant;
    const about = { kind: 'person', id: userId };
    const act = { actor: user, action: 'role.end' as const, orgUnitId, subject: about, reason };
    await this.administration.perform({ ...act, thing: { isHidden: true } }, async (tx) => {
      await this.assertMayGive(user, { userId, role, orgUnitId }, tx);
      const isFirst = await this.held.end(id, user.id, this.clock.now(), tx);
      if (!isFirst) throw new GrantIsOver('the grant is over already');
      return { before: { role, orgUnitId }, after: null, result: undefined };
    });
    this.sockets.refreshPerson(userId);
    return this.one(id, reader);
  }

  /** Inside the transaction of the act that allows it. */
  async give(
    grantedBy: UserId,
    { validTo, ...wanted }: Pick<WantedRole, keyof GrantSubject | 'reason'>,
    tx: Tx,
  ): Promise<RoleGrantId> {
    const id = this.ids.next(RoleGrantId);
    const until = validTo === null ? null : new Date(validTo);
    await this.held.insert({ id, grantedBy, validFrom: this.clock.now(), validTo: until, ...wanted }, tx);
    return id;
  }

  /** No role above the giver's own, none outside of their part of the tree, none to themselves. @throws Forbidden, NotFound */
  async assertMayGive(
    giver: Pick<SignedInUser, 'userId' | 'grants'>,
    { userId, role, orgUnitId }: { userId: UserId; role: GrantedRole; orgUnitId: OrgUnitId },
    tx: Tx,
  ): Promise<void> {
    const people = await this.accounts.people([userId], tx);
    if (!people.has(userId)) throw new NotFound('there is no such person');
    const path = await this.organisations.pathOf(orgUnitId, tx);
    const refusal = refuseGrant(giver, { userId, role, path }, this.clock.nowMs());
    if (refusal !== null) throw new Forbidden(`this role is not yours to give or take: ${refusal}`);
  }

  private async ask(user: SignedInUser, { reason, ...subject }: WantedRole, tx: Tx): Promise<ApprovalId> {
    const id = this.ids.next(ApprovalId);
    const { orgUnitId } = subject;
    const request = { requestedBy: user.id, requestedAt: this.clock.now(), reason };
    await this.approvals.insert(
      { id, action: 'role.grant-administrator', subject, orgUnitId, ...request },
      tx,
    );
    return id;
  }

  private async one(id: RoleGrantId, tx: Tx): Promise<RoleGrant> {
    const row = await this.held.byId(id, tx);
    const [shown] = await this.views.grants(row === null ? [] : [row], tx);
    if (shown === undefined) throw new NotFound('there is no such grant');
    return shown;
  }
}
