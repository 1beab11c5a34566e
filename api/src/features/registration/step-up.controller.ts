import { Controller, Res } from '@nestjs/common';
import { type CodeSent, requestStepUpCode } from '@yike/contracts/http/codes';
import { stepUp, type StepUp } from '@yike/contracts/http/sessions';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STEP_UP_LASTS_MS } from '../../domain/policy/can.ts';
import { BodyOf, type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { Req } from '../../platform/http/public-origin.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { deviceOf } from '../../platform/security/device-cookie.ts';
import { Does } from '../../platform/security/does.ts';
import { StepUpService } from './step-up.service.ts';

@Controller()
export class StepUpController {
  constructor(private readonly stepUps: StepUpService) {}

  @Serves(requestStepUpCode)
  @Does('session.step-up')
  requestStepUpCode(
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CodeSent> {
    return this.stepUps.sendCode(user, { device: deviceOf(request, reply), address: request.ip });
  }

  @Serves(stepUp)
  @Does('session.step-up')
  async stepUp(
    @BodyOf(stepUp) given: StepUp,
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
  ): Promise<ReplyOf<typeof stepUp>> {
    await this.stepUps.confirm(user, given, { address: request.ip });
    return { validSeconds: STEP_UP_LASTS_MS / 1000 };
  }
}
