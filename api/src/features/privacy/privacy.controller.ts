import { Controller, Header, Res, StreamableFile } from '@nestjs/common';
import { deleteOwnAccount, exportOwnData, getOwnData, type OwnData } from '@yike/contracts/http/privacy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Serves } from '../../platform/http/endpoint.decorators.ts';
import { PublicOrigin, Req } from '../../platform/http/public-origin.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { clearSessionCookie } from '../../platform/security/session-cookie.ts';
import { type RateLimit, RateLimits } from '../../platform/shared/rate-limits.ts';
import { DeletionService } from './deletion.service.ts';
import { OwnDataService } from './own-data.service.ts';
import { OwnExportService } from './own-export.service.ts';

/** An archive draws every certificate anew. */
const EXPORTS_PER_HOUR = 5;

@Controller()
export class PrivacyController {
  readonly #exports: RateLimit;

  constructor(
    private readonly own: OwnDataService,
    private readonly exports: OwnExportService,
    private readonly deletion: DeletionService,
    private readonly origin: PublicOrigin,
    limits: RateLimits,
  ) {
    this.#exports = limits.create({ name: 'own-exports', points: EXPORTS_PER_HOUR, seconds: 3_600 });
  }

  @Serves(getOwnData)
  @Does('me.read-data')
  getOwnData(@CurrentUser() user: SignedInUser): Promise<OwnData> {
    return this.own.of(user.id);
  }

  @Serves(exportOwnData)
  @Does('me.export')
  @Header('cache-control', 'private, no-store')
  async exportOwnData(
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
  ): Promise<StreamableFile> {
    await this.#exports.consume(user.id);
    return new StreamableFile(await this.exports.zip(user, this.origin.of(request)), {
      type: 'application/zip',
      disposition: 'attachment; filename="yike-my-data.zip"',
    });
  }

  @Serves(deleteOwnAccount)
  @Does('account.delete-mine')
  async deleteOwnAccount(
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.deletion.deleteOwn(user);
    clearSessionCookie(request, reply);
  }
}
