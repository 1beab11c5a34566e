import { Controller, Param } from '@nestjs/common';
import {
  type CertificateCheck,
  checkCertificate,
  listMyCertificates,
} from '@yike/contracts/http/certificates';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { PublicOrigin, Req } from '../../platform/http/public-origin.ts';
import { CurrentUser, Public, SignedIn, type SignedInUser } from '../../platform/security/audience.ts';
import { consume } from '../../platform/security/rate-limit.ts';
import { CertificatesService } from './certificates.service.ts';

/** A street officer checks a few; whoever tries numbers is slowed down. */
const CHECKS_PER_MINUTE = 60;
const LONGEST_NUMBER = 40;

@Controller()
export class CertificatesController {
  readonly #limiter = new RateLimiterMemory({ points: CHECKS_PER_MINUTE, duration: 60 });

  constructor(
    private readonly certificates: CertificatesService,
    private readonly origin: PublicOrigin,
  ) {}

  @Serves(listMyCertificates)
  @SignedIn()
  async listMyCertificates(
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
  ): Promise<ReplyOf<typeof listMyCertificates>> {
    return { items: await this.certificates.ofUser(user.id, this.origin.of(request)) };
  }

  @Serves(checkCertificate)
  @Public()
  async checkCertificate(
    @Param('number') number: string,
    @Req() request: FastifyRequest,
  ): Promise<CertificateCheck> {
    await consume(this.#limiter, request.ip);
    return this.certificates.check(number.slice(0, LONGEST_NUMBER).toUpperCase(), this.origin.of(request));
  }
}
