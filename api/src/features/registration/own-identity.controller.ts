import { Controller } from '@nestjs/common';
import { changeHome, changePassword, changePhone } from '@yike/contracts/http/own-identity';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { BodyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { Req } from '../../platform/http/public-origin.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { OwnIdentityService } from './own-identity.service.ts';

@Controller()
export class OwnIdentityController {
  constructor(private readonly identity: OwnIdentityService) {}

  @Serves(changePhone)
  @Does('identity.change-phone')
  changePhone(
    @BodyOf(changePhone) given: z.output<typeof changePhone.body>,
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.identity.changePhone(user, given, request.ip);
  }

  @Serves(changeHome)
  @Does('identity.change-home')
  changeHome(
    @BodyOf(changeHome) { homeOrgUnitId }: z.output<typeof changeHome.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<void> {
    return this.identity.changeHome(user, homeOrgUnitId);
  }

  @Serves(changePassword)
  @Does('identity.change-password')
  changePassword(
    @BodyOf(changePassword) { password }: z.output<typeof changePassword.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<void> {
    return this.identity.changePassword(user, password);
  }
}
