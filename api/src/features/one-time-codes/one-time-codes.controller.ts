import { Controller, Res } from '@nestjs/common';
import { type CodeSent, requestCode, type RequestCode } from '@yike/contracts/http/codes';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { demand } from '../../domain/identity/reading.ts';
import { readPhone } from '../../domain/identity/phone.ts';
import { BodyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { Req } from '../../platform/http/public-origin.ts';
import { deviceOf } from '../../platform/security/device-cookie.ts';
import { Does } from '../../platform/security/does.ts';
import { OneTimeCodesService } from './one-time-codes.service.ts';

@Controller()
export class OneTimeCodesController {
  constructor(private readonly codes: OneTimeCodesService) {}

  @Serves(requestCode)
  @Does('code.request')
  requestCode(
    @BodyOf(requestCode) { phone, purpose }: RequestCode,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CodeSent> {
    const to = { phone: demand('phone', readPhone(phone)), purpose };
    return this.codes.send(to, { device: deviceOf(request, reply), address: request.ip });
  }
}
