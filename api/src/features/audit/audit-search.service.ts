import { Injectable } from '@nestjs/common';
import type { exportAuditEntries, listAuditEntries } from '@yike/contracts/http/audit';
import { AuditEntry, MOST_EXPORTED } from '@yike/contracts/http/audit';
import { narrowed } from '../../domain/organisations/paths.ts';
import { ACTIONS, type Action, ruleOf } from '../../domain/policy/actions.ts';
import { isValid } from '../../domain/policy/grants.ts';
import { scopesFor } from '../../domain/policy/scopes.ts';
import { Clock } from '../../platform/clock.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { QueryIn, ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { InvalidRequest } from '../../platform/problems/problems.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { AccountsService } from '../accounts/accounts.service.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import { AdministrativeActs } from './administrative-acts.ts';
import { type AuditFilter, AuditRepository, type AuditRow } from './audit.repository.ts';
import { auditTable } from './audit-table.ts';

type Filters = QueryIn<typeof exportAuditEntries>;
type ListReply = ReplyOf<typeof listAuditEntries>;

const FIRST_PART = 1_000;

/** The log for who may look into it: each person sees the parts of the tree where they may. */
@Injectable()
export class AuditSearch {
  constructor(
    private readonly log: AuditRepository,
    private readonly accounts: AccountsService,
    private readonly organisations: OrganisationsService,
    private readonly administration: AdministrativeActs,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async list(user: SignedInUser, query: QueryIn<typeof listAuditEntries>): Promise<ListReply> {
    const { cursor, limit, ...filters } = query;
    const filter = await this.filterFor(user, 'audit.list', filters);
    const page = { beforeSeq: parseSeq(cursor), limit: limit + 1 };
    const rows = await this.log.find(filter, page, this.unitOfWork.reader);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { items: await this.show(shown), nextCursor: last === undefined ? null : String(last.seq) };
  }

  /** As lines of CSV, newest first. That it was taken out of the house stands in the log too. */
  async export(user: SignedInUser, filters: Filters): Promise<string[]> {
    const filter = await this.filterFor(user, 'audit.export', filters);
    const act = {
      ...{ actor: user, action: 'audit.export' as const, subject: { kind: 'audit-log', id: null } },
      orgUnitId: filters.under ?? this.placeOf(user),
    };
    const rows = await this.administration.perform(act, async (tx) => {
      const found = await this.log.find(filter, { beforeSeq: null, limit: MOST_EXPORTED + 1 }, tx);
      return { after: { ...filters, rows: Math.min(found.length, MOST_EXPORTED) }, result: found };
    });
    const entries: AuditEntry[] = [];
    for (let at = 0; at < Math.min(rows.length, MOST_EXPORTED); at += FIRST_PART) {
      entries.push(...(await this.show(rows.slice(at, Math.min(at + FIRST_PART, MOST_EXPORTED)))));
    }
    return auditTable(entries, { locale: user.locale, isCutOff: rows.length > MOST_EXPORTED });
  }

  private async filterFor(user: SignedInUser, action: Action, filters: Filters): Promise<AuditFilter> {
    const { under, from, to, actorId, action: wanted, subjectId } = filters;
    const scopes = scopesFor(user, action, this.clock.nowMs());
    const path = under === undefined ? '' : await this.organisations.pathOf(under);
    return {
      scopes: narrowed(scopes, path),
      ...{ actorId, action: wanted, subjectId },
      ...{ fromMs: from && Date.parse(from), toMs: to && Date.parse(to) },
    } as AuditFilter;
  }

  /** Where the person has the role by which they look. */
  private placeOf({ grants }: SignedInUser) {
    const { by = [] } = ruleOf('audit.export');
    const held = grants.find((grant) => by.includes(grant.role) && isValid(grant, this.clock.nowMs()));
    return held?.role === 'platform-administrator' ? null : (held?.orgUnitId ?? null);
  }

  private async show(rows: readonly AuditRow[]): Promise<AuditEntry[]> {
    const people = await this.accounts.people(rows.flatMap(({ actorId }) => actorId ?? []));
    const units = await this.organisations.names(rows.flatMap(({ orgUnitId }) => orgUnitId ?? []));
    return rows.map((row) =>
      AuditEntry.parse({
        ...{ seq: row.seq, id: row.id, at: new Date(row.atMs).toISOString() },
        actor: row.actorId && {
          id: row.actorId,
          displayName: people.get(row.actorId)?.displayName ?? '',
        },
        ...{ actingAs: row.actingAs, action: row.action },
        subject: { kind: row.subjectKind, id: row.subjectId },
        orgUnit: row.orgUnitId && { id: row.orgUnitId, name: units.get(row.orgUnitId) ?? '' },
        ...{ before: row.before, after: row.after, reason: row.reason },
        ...{ requestId: row.requestId, origin: row.origin },
      }),
    );
  }
}

/** The names of all acts that are written down. */
export const auditedActions = (): string[] =>
  (Object.keys(ACTIONS) as Action[]).filter((action) => ruleOf(action).audited).sort();

/** @throws InvalidRequest for what is no cursor of ours */
function parseSeq(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw new InvalidRequest('the cursor is not one of ours');
  return Number(cursor);
}
