import { Global, Module } from '@nestjs/common';
import { AdministrativeActs } from './administrative-acts.ts';
import { AuditController } from './audit.controller.ts';
import { AuditLog } from './audit-log.service.ts';
import { AuditRepository } from './audit.repository.ts';
import { AuditSearch } from './audit-search.service.ts';

/** The log of every administrative act. Global, since whoever does one writes it. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [AdministrativeActs, AuditLog, AuditRepository, AuditSearch],
  exports: [AdministrativeActs, AuditLog],
})
export class AuditModule {}
