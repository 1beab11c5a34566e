import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import type { ResidentsPort } from '../organisations/residents-port.ts';
import { UsersRepository } from './users.repository.ts';

/** Where people are at home, for the tree of organisations. */
@Injectable()
export class UserHomes implements ResidentsPort, OnModuleInit {
  constructor(
    private readonly users: UsersRepository,
    private readonly organisations: OrganisationsService,
  ) {}

  onModuleInit(): void {
    this.organisations.onMerged(({ from, into }, tx) => this.users.rehome(from, into, tx));
  }

  countByHome(units: readonly OrgUnitId[], tx: Tx): Promise<ReadonlyMap<OrgUnitId, number>> {
    return this.users.countByHome(units, tx);
  }

  async displayNames(ids: readonly UserId[], tx: Tx): Promise<ReadonlyMap<UserId, string>> {
    const users = await this.users.byIds([...new Set(ids)], tx);
    return new Map(users.map(({ id, displayName }) => [id, displayName]));
  }
}
