import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WorkerPool } from '../sfu/worker-pool.ts';
import { Metrics } from './metrics.ts';
import { Refusal } from './refusal.ts';

/** For whoever watches the process. */
@Controller()
export class HealthController {
  readonly #pool: WorkerPool;
  readonly #metrics: Metrics;

  constructor(pool: WorkerPool, metrics: Metrics) {
    this.#pool = pool;
    this.#metrics = metrics;
  }

  /** The process answers. */
  @Get('health')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can carry broadcasts: all workers are up. Storage may be away, the spool waits for it. */
  @Get('ready')
  ready(): { status: 'ok' } {
    if (!this.#pool.areAllUp) throw new Refusal('service-unavailable', 'a media worker is being restarted');
    return { status: 'ok' };
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.#metrics.exposition();
    await reply.type(this.#metrics.contentType).send(text);
  }
}
