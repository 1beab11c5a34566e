import { Injectable } from '@nestjs/common';
import type { Role } from '@yike/contracts/http/accounts';
import { AuditEntryId, type OrgUnitId, type UserId } from '@yike/contracts/ids';
import { maskText } from '../../domain/identity/mask-text.ts';
import { chain, masked, type Sayable } from '../../domain/audit/entry.ts';
import { networkOf } from '../../domain/audit/origin.ts';
import type { Action } from '../../domain/policy/actions.ts';
import { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import { currentRequest } from '../../platform/observability/request-context.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import { AuditRepository } from './audit.repository.ts';
import { sha256 } from './verify-log.ts';

/** What an act is done to: an id of something of ours, or nothing that has one. */
export interface AuditSubject {
  readonly kind: string;
  readonly id: string | null;
}

/** An act as its doer tells it; where the request came from is known here. */
export interface AuditNote {
  /** Null: the house itself. */
  readonly actorId: UserId | null;
  readonly actingAs: Role | null;
  readonly action: Action;
  readonly subject: AuditSubject;
  /** Null: of the whole house. */
  readonly orgUnitId: OrgUnitId | null;
  readonly before?: Sayable;
  readonly after?: Sayable;
  readonly reason?: string | undefined;
}

/** Writes the log. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly log: AuditRepository,
    private readonly organisations: OrganisationsService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * In the transaction of the act, as its last step: until its end nobody else writes here. Personal numbers are hidden on the way in,
   * wherever they stand.
   */
  async append(note: AuditNote, tx: Tx): Promise<void> {
    const request = currentRequest();
    const orgPath = note.orgUnitId === null ? null : await this.organisations.pathOf(note.orgUnitId, tx);
    const facts = {
      id: this.ids.next(AuditEntryId),
      atMs: this.clock.nowMs(),
      actorId: note.actorId,
      actingAs: note.actingAs,
      action: note.action,
      subjectKind: note.subject.kind,
      subjectId: note.subject.id,
      orgUnitId: note.orgUnitId,
      orgPath,
      before: masked(note.before),
      after: masked(note.after),
      reason: note.reason === undefined ? null : maskText(note.reason),
      requestId: request?.requestId ?? null,
      origin: networkOf(request?.address),
    };
    await this.log.insert(chain(facts, await this.log.lockHead(tx), sha256), tx);
    request?.audited.add(note.action);
  }
}
