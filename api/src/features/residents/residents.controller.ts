import { Controller, Header } from '@nestjs/common';
import {
  getResident,
  type Resident,
  type ResidentSearch,
  revealResident,
  searchResidents,
} from '@yike/contracts/http/residents';
import { UserId } from '@yike/contracts/ids';
import type { z } from 'zod';
import { BodyOf, IdParam, type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { ResidentsService } from './residents.service.ts';

@Controller()
export class ResidentsController {
  constructor(private readonly residents: ResidentsService) {}

  @Serves(searchResidents)
  @Does('resident.search')
  searchResidents(
    @BodyOf(searchResidents) search: ResidentSearch,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof searchResidents>> {
    return this.residents.search(user, search);
  }

  @Serves(getResident)
  @Does('resident.read')
  getResident(@IdParam('userId', UserId) id: UserId, @CurrentUser() user: SignedInUser): Promise<Resident> {
    return this.residents.read(user, id);
  }

  @Serves(revealResident)
  @Does('resident.reveal')
  @Header('cache-control', 'private, no-store')
  async revealResident(
    @IdParam('userId', UserId) id: UserId,
    @BodyOf(revealResident) wanted: z.output<typeof revealResident.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof revealResident>> {
    return { value: await this.residents.reveal(user, id, wanted) };
  }
}
