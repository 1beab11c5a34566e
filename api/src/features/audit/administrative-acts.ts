import { Injectable } from '@nestjs/common';
import type { OrgUnitId } from '@yike/contracts/ids';
import type { Sayable } from '../../domain/audit/entry.ts';
import type { Action } from '../../domain/policy/actions.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { currentRequest } from '../../platform/observability/request-context.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Acts, type Thing } from '../../platform/security/acts.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import { AuditLog, type AuditSubject } from './audit-log.service.ts';

/** Something that a person does to something of an organisation. */
export interface AdministrativeAct {
  readonly actor: SignedInUser;
  readonly action: Action;
  /** Null: of the whole house. */
  readonly orgUnitId: OrgUnitId | null;
  readonly subject: AuditSubject;
  readonly reason?: string | undefined;
  /** What else decides: an owner, who agreed, whether it may be known to be there. */
  readonly thing?: Omit<Thing, 'orgPath'>;
}

/** What the work has changed, as far as it may be told, and its answer. */
export interface Outcome<T> {
  readonly before?: Sayable;
  readonly after?: Sayable;
  /** Where the thing got its id, or its place, only by the act. */
  readonly subject?: AuditSubject;
  readonly orgUnitId?: OrgUnitId;
  readonly result: T;
}

/** Every administrative act goes through here: it is allowed, done and written down, all in one transaction, or none of it. */
@Injectable()
export class AdministrativeActs {
  constructor(
    private readonly acts: Acts,
    private readonly log: AuditLog,
    private readonly organisations: OrganisationsService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws NotSignedIn, Forbidden, NotFound, StepUpNeeded, NeedsSecondPerson, and what the work throws */
  async perform<T>(act: AdministrativeAct, work: (tx: Tx) => Promise<Outcome<T>>): Promise<T> {
    const { actor, action, orgUnitId, thing } = act;
    const orgPath = orgUnitId === null ? '' : await this.organisations.pathOf(orgUnitId);
    this.acts.allow(actor, action, { ...thing, orgPath });
    return this.record(act, work);
  }

  /** For what was allowed already, since more than one place had to be asked. @throws Error where it was not */
  async record<T>(act: AdministrativeAct, work: (tx: Tx) => Promise<Outcome<T>>): Promise<T> {
    const { actor, action } = act;
    const actingAs = currentRequest()?.decided.get(action);
    if (actingAs === undefined) throw new Error(`nobody has decided about ${action}`);
    return this.unitOfWork.run(async (tx) => {
      const { before, after, result, ...made } = await work(tx);
      const { orgUnitId, subject, reason } = { ...act, ...made };
      const note = { actorId: actor.id, actingAs, action, subject, orgUnitId, reason };
      await this.log.append({ ...note, before: before ?? null, after: after ?? null }, tx);
      return result;
    });
  }
}
