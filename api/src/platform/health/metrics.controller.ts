import { Controller, Get, Header } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NotFound } from '../../domain/domain-error.ts';
import { Req } from '../http/public-origin.ts';
import { Does } from '../security/does.ts';
import { isFromInside } from './inside.ts';
import { Metrics } from './metrics.ts';

/** For Prometheus inside the house: what comes through the front is told that there is nothing here. */
@Controller()
@Does('metrics.read')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get('/metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  print(@Req() request: FastifyRequest): Promise<string> {
    if (!isFromInside(request)) throw new NotFound('not for the public');
    return this.metrics.registry.metrics();
  }
}
