import { Controller, Header, Param, StreamableFile } from '@nestjs/common';
import {
  type CertificateCheck,
  checkCertificate,
  downloadCertificate,
  listMyCertificates,
} from '@yike/contracts/http/certificates';
import type { FastifyRequest } from 'fastify';
import { type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { PublicOrigin, Req } from '../../platform/http/public-origin.ts';
import { CurrentUser, MaybeUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { type RateLimit, RateLimits } from '../../platform/shared/rate-limits.ts';
import { CertificatesService } from './certificates.service.ts';
import { drawSheet } from './sheet/draw-sheet.ts';

/** A street officer checks a few; whoever tries numbers is slowed down. */
const CHECKS_PER_MINUTE = 60;
/** Drawing a sheet takes a sixth of a second of the process. */
const SHEETS_PER_MINUTE = 10;
const LONGEST_NUMBER = 40;

@Controller()
export class CertificatesController {
  readonly #checks: RateLimit;
  readonly #sheets: RateLimit;

  constructor(
    private readonly certificates: CertificatesService,
    private readonly origin: PublicOrigin,
    limits: RateLimits,
  ) {
    this.#checks = limits.create({ name: 'certificate-checks', points: CHECKS_PER_MINUTE, seconds: 60 });
    this.#sheets = limits.create({ name: 'certificate-sheets', points: SHEETS_PER_MINUTE, seconds: 60 });
  }

  @Serves(listMyCertificates)
  @Does('certificate.list-mine')
  async listMyCertificates(
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
  ): Promise<ReplyOf<typeof listMyCertificates>> {
    return { items: await this.certificates.ofUser(user.id, this.origin.of(request)) };
  }

  @Serves(checkCertificate)
  @Does('certificate.check')
  async checkCertificate(
    @Param('number') number: string,
    @MaybeUser() user: SignedInUser | null,
    @Req() request: FastifyRequest,
  ): Promise<CertificateCheck> {
    await this.#checks.consume(request.ip);
    return this.certificates.check(numberOf(number), this.origin.of(request), user?.id ?? null);
  }

  @Serves(downloadCertificate)
  @Does('certificate.download')
  @Header('cache-control', 'private, no-store')
  async downloadCertificate(
    @Param('number') number: string,
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
  ): Promise<StreamableFile> {
    await this.#sheets.consume(user.id);
    const sheet = await this.certificates.sheetOf(numberOf(number), user, this.origin.of(request));
    return new StreamableFile(await drawSheet(sheet), {
      type: 'application/pdf',
      disposition: `attachment; filename="${sheet.number}.pdf"`,
    });
  }
}

const numberOf = (text: string): string => text.slice(0, LONGEST_NUMBER).toUpperCase();
