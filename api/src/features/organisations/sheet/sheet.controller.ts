import { Body, Controller, Header, StreamableFile } from '@nestjs/common';
import {
  exportOrganisations,
  importOrganisations,
  type OrgImportPreview,
  previewOrganisationImport,
  XLSX_TYPE,
} from '@yike/contracts/http/organisations';
import { type QueryIn, QueryOf, type ReplyOf, Serves } from '../../../platform/http/endpoint.decorators.ts';
import { InvalidRequest } from '../../../platform/problems/problems.ts';
import { CurrentUser, type SignedInUser } from '../../../platform/security/actor.ts';
import { Does } from '../../../platform/security/does.ts';
import { type RateLimit, RateLimits } from '../../../platform/shared/rate-limits.ts';
import { OrganisationImports } from './organisation-imports.ts';

/** Reading a sheet of 5,000 rows takes a second of the process. */
const SHEETS_PER_MINUTE = 30;

@Controller()
export class SheetController {
  readonly #sheets: RateLimit;

  constructor(
    private readonly imports: OrganisationImports,
    limits: RateLimits,
  ) {
    this.#sheets = limits.create({ name: 'organisation-sheets', points: SHEETS_PER_MINUTE, seconds: 60 });
  }

  @Serves(previewOrganisationImport)
  @Does('organisation.preview-import')
  async preview(@Body() body: unknown, @CurrentUser() user: SignedInUser): Promise<OrgImportPreview> {
    await this.#sheets.consume(user.id);
    return this.imports.preview(user, fileIn(body));
  }

  @Serves(importOrganisations)
  @Does('organisation.import')
  async import(
    @Body() body: unknown,
    @QueryOf(importOrganisations) { token }: QueryIn<typeof importOrganisations>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof importOrganisations>> {
    await this.#sheets.consume(user.id);
    return this.imports.import(user, fileIn(body), token);
  }

  @Serves(exportOrganisations)
  @Does('organisation.export')
  @Header('cache-control', 'private, no-store')
  async export(
    @QueryOf(exportOrganisations) { under }: QueryIn<typeof exportOrganisations>,
    @CurrentUser() user: SignedInUser,
  ): Promise<StreamableFile> {
    await this.#sheets.consume(user.id);
    const sheet = await this.imports.export(user, under);
    return new StreamableFile(sheet, {
      type: XLSX_TYPE,
      disposition: 'attachment; filename="organisations.xlsx"',
    });
  }
}

/** @throws InvalidRequest where the body came as something else */
function fileIn(body: unknown): Buffer {
  if (Buffer.isBuffer(body) && body.length > 0) return body;
  throw new InvalidRequest(`the body is to be a sheet, of type ${XLSX_TYPE}`);
}
