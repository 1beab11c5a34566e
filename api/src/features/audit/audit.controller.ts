import { Controller, Header, StreamableFile } from '@nestjs/common';
import { exportAuditEntries, listAuditedActions, listAuditEntries } from '@yike/contracts/http/audit';
import { Readable } from 'node:stream';
import { type QueryIn, QueryOf, type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { auditedActions, AuditSearch } from './audit-search.service.ts';

@Controller()
export class AuditController {
  constructor(private readonly search: AuditSearch) {}

  @Serves(listAuditEntries)
  @Does('audit.list')
  list(
    @QueryOf(listAuditEntries) query: QueryIn<typeof listAuditEntries>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof listAuditEntries>> {
    return this.search.list(user, query);
  }

  @Serves(exportAuditEntries)
  @Does('audit.export')
  @Header('cache-control', 'private, no-store')
  async export(
    @QueryOf(exportAuditEntries) filters: QueryIn<typeof exportAuditEntries>,
    @CurrentUser() user: SignedInUser,
  ): Promise<StreamableFile> {
    return new StreamableFile(Readable.from(await this.search.export(user, filters)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="audit.csv"',
    });
  }

  @Serves(listAuditedActions)
  @Does('audit.list')
  actions(): ReplyOf<typeof listAuditedActions> {
    return { actions: auditedActions() };
  }
}
