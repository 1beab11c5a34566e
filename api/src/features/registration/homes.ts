import { Injectable } from '@nestjs/common';
import type { OrgUnitId } from '@yike/contracts/ids';
import { NotFound } from '../../domain/domain-error.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';

/** Where residents can be at home: an open unit with no open one below it. */
@Injectable()
export class Homes {
  constructor(private readonly organisations: OrganisationsService) {}

  /** @throws NotFound for a unit that is none */
  async assertOne(id: OrgUnitId): Promise<void> {
    const open = (await this.organisations.subtree(id)).filter(({ isClosed }) => !isClosed);
    const isHome = open.length === 1 && open[0]?.id === id;
    if (!isHome) throw new NotFound('there is no such community');
  }
}
