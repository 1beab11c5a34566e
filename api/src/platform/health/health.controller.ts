import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '@yike/contracts/problem';
import { Req } from '../http/public-origin.ts';
import { Does } from '../security/does.ts';
import { isFromInside } from './inside.ts';
import { type Readiness, ReadinessChecks } from './readiness.ts';

const RETRY_AFTER_SECONDS = 2;

/** For the supervisor and load balancers. Reasons are for operators: whoever comes through a proxy hears the status alone. */
@Controller()
@Does('health.read')
export class HealthController {
  constructor(private readonly checks: ReadinessChecks) {}

  /** The process lives. */
  @Get('/health')
  @Header('cache-control', 'no-store')
  health(): { status: 'up' } {
    return { status: 'up' };
  }

  /** It can serve: 200 `ready`, 200 `degraded` where something is missing that not everything needs, else 503. */
  @Get('/ready')
  async ready(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const readiness = await this.checks.run();
    const told = isFromInside(request) ? readiness : { status: readiness.status };
    void reply.header('cache-control', 'no-store');
    if (readiness.status === 'not-ready') await this.refuse(told, request.id, reply);
    else await reply.send(told);
  }

  private async refuse(told: Partial<Readiness>, requestId: string, reply: FastifyReply): Promise<void> {
    const refusal = problem('service-unavailable', 'this process cannot serve now', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      requestId,
    });
    await reply
      .code(refusal.status)
      .header('retry-after', RETRY_AFTER_SECONDS)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify({ ...refusal, checks: told.checks }));
  }
}
