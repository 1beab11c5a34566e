import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { problem } from '@yike/contracts/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isFromInside } from './inside.ts';
import { Metrics } from './metrics.ts';
import { NodeChecks } from './node-checks.ts';
import { Refusal } from './refusal.ts';

const RETRY_AFTER_SECONDS = 2;

/** For whoever watches the process. Reasons and figures are for operators: whoever comes through a proxy hears a status alone. */
@Controller()
export class HealthController {
  readonly #checks: NodeChecks;
  readonly #metrics: Metrics;

  constructor(checks: NodeChecks, metrics: Metrics) {
    this.#checks = checks;
    this.#metrics = metrics;
  }

  /** The process answers. */
  @Get('health')
  @Header('cache-control', 'no-store')
  health(): { status: 'up' } {
    return { status: 'up' };
  }

  /** It can carry broadcasts: 200 `ready`, 200 `degraded` while the API or storage is away, else 503. */
  @Get('ready')
  async ready(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { status, checks } = await this.#checks.run();
    const reasons = isFromInside(request) ? { checks } : {};
    void reply.header('cache-control', 'no-store');
    if (status !== 'not-ready') {
      await reply.send({ status, ...reasons });
      return;
    }
    const refusal = problem('service-unavailable', 'this node cannot carry broadcasts now', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      requestId: request.id,
    });
    await reply
      .code(refusal.status)
      .header('retry-after', RETRY_AFTER_SECONDS)
      .type('application/problem+json')
      .send(JSON.stringify({ ...refusal, ...reasons }));
  }

  @Get('metrics')
  async metrics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!isFromInside(request)) throw new Refusal('not-found');
    const text = await this.#metrics.exposition();
    await reply.type(this.#metrics.contentType).header('cache-control', 'no-store').send(text);
  }
}
