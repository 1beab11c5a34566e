import { Injectable } from '@nestjs/common';
import type { Approval, RoleGrant } from '@yike/contracts/http/roles';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { AccountsService } from '../accounts/accounts.service.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import type { ApprovalEntity } from './approval.entity.ts';
import type { RoleGrantEntity } from './role-grant.entity.ts';

/** Names of people and organisations, by id. */
interface Names {
  person(id: UserId): { id: UserId; displayName: string };
  personOrNull(id: UserId | null): { id: UserId; displayName: string } | null;
  unit(id: OrgUnitId): { id: OrgUnitId; name: string };
}

const isPresent = <T>(value: T | null): value is T => value !== null;

/** Grants and approvals as they are shown. */
@Injectable()
export class RoleViews {
  constructor(
    private readonly accounts: AccountsService,
    private readonly organisations: OrganisationsService,
  ) {}

  async grants(rows: readonly RoleGrantEntity[], tx: Tx): Promise<RoleGrant[]> {
    const people = rows.flatMap(({ userId, grantedBy, endedBy }) => [userId, grantedBy, endedBy]);
    const names = await this.names(
      people,
      rows.map(({ orgUnitId }) => orgUnitId),
      tx,
    );
    return rows.map((row) => ({
      ...{ id: row.id, person: names.person(row.userId), role: row.role, orgUnit: names.unit(row.orgUnitId) },
      validFrom: row.validFrom.toISOString(),
      validTo: row.validTo?.toISOString() ?? null,
      grantedBy: names.personOrNull(row.grantedBy),
      grantedAt: row.grantedAt.toISOString(),
      reason: row.reason,
      endedAt: row.endedAt?.toISOString() ?? null,
      endedBy: names.personOrNull(row.endedBy),
    }));
  }

  async approvals(rows: readonly ApprovalEntity[], tx: Tx): Promise<Approval[]> {
    const people = rows.flatMap(({ subject, requestedBy, decidedBy }) => [
      subject.userId,
      requestedBy,
      decidedBy,
    ]);
    const names = await this.names(
      people,
      rows.map(({ orgUnitId }) => orgUnitId),
      tx,
    );
    return rows.map(({ subject, ...row }) => ({
      id: row.id,
      wanted: {
        ...{ person: names.person(subject.userId), role: subject.role },
        ...{ orgUnit: names.unit(row.orgUnitId), validTo: subject.validTo },
      },
      requestedBy: names.person(row.requestedBy),
      requestedAt: row.requestedAt.toISOString(),
      reason: row.reason,
      decision: row.decision,
      decidedBy: names.personOrNull(row.decidedBy),
      decidedAt: row.decidedAt?.toISOString() ?? null,
    }));
  }

  private async names(
    people: readonly (UserId | null)[],
    units: readonly OrgUnitId[],
    tx: Tx,
  ): Promise<Names> {
    const displayed = await this.accounts.people(people.filter(isPresent), tx);
    const named = await this.organisations.names(units, tx);
    const person = (id: UserId) => ({ id, displayName: displayed.get(id)?.displayName ?? '' });
    return {
      person,
      personOrNull: (id) => (id === null ? null : person(id)),
      unit: (id) => ({ id, name: named.get(id) ?? '' }),
    };
  }
}
