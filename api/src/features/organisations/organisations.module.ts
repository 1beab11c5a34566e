import { Global, Module } from '@nestjs/common';
import { OrganisationsService } from './organisations.service.ts';
import { OrgUnitsRepository } from './org-units.repository.ts';

/** The tree of organisations. Global, since whoever decides about rights asks where something stands. */
@Global()
@Module({
  providers: [OrganisationsService, OrgUnitsRepository],
  exports: [OrganisationsService],
})
export class OrganisationsModule {}
