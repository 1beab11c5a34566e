import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PublicOrigin } from '../http/public-origin.ts';
import { WrongOrigin } from '../problems/problems.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Only our own pages may change anything. Browsers send `Origin` with every request that is not a GET; a client without it
 * and without `Sec-Fetch-Site` is no browser and carries nobody's cookie by accident.
 */
@Injectable()
export class SameOrigin {
  constructor(private readonly publicOrigin: PublicOrigin) {}

  /** @throws WrongOrigin */
  assert(request: FastifyRequest): void {
    if (SAFE_METHODS.has(request.method)) return;
    const { origin, 'sec-fetch-site': site } = request.headers;
    const isOurs =
      origin === undefined
        ? site === undefined || site === 'same-origin'
        : origin === this.publicOrigin.of(request);
    if (!isOurs) throw new WrongOrigin('this request comes from a page of another origin');
  }
}
