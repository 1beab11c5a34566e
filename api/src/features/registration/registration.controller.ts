import { Controller, Res } from '@nestjs/common';
import type { Me } from '@yike/contracts/http/accounts';
import {
  type Entered,
  enterByCode,
  type EnterByCode,
  register,
  type Registration,
} from '@yike/contracts/http/registration';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { Req } from '../../platform/http/public-origin.ts';
import { Does } from '../../platform/security/does.ts';
import { setSessionCookie } from '../../platform/security/session-cookie.ts';
import { signInOrigin } from '../accounts/sign-in-origin.ts';
import { localeOf } from './request-locale.ts';
import { type Registrant, RegistrationService } from './registration.service.ts';

@Controller()
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  @Serves(enterByCode)
  @Does('session.begin')
  async enterByCode(
    @BodyOf(enterByCode) given: EnterByCode,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Entered> {
    const { entered, token } = await this.registration.enter(given, registrant(request));
    if (token !== null) setSessionCookie(request, reply, token);
    return entered;
  }

  @Serves(register)
  @Does('account.register')
  async register(
    @BodyOf(register) given: Registration,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Me> {
    const { me, token } = await this.registration.register(given, registrant(request));
    setSessionCookie(request, reply, token);
    return me;
  }
}

const registrant = (request: FastifyRequest): Registrant => ({
  ...signInOrigin(request),
  address: request.ip,
  locale: localeOf(request.headers['accept-language']),
});
