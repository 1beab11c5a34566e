import { Global, Module } from '@nestjs/common';
import { OrganisationActs } from './organisation-acts.ts';
import { OrganisationsController } from './organisations.controller.ts';
import { OrganisationsCatalogue } from './organisations-catalogue.ts';
import { OrganisationsService } from './organisations.service.ts';
import { DepartmentsRepository } from './departments.repository.ts';
import { DepartmentsService } from './departments.service.ts';
import { OrganisationImports } from './sheet/organisation-imports.ts';
import { PlannedChanges } from './sheet/planned-changes.ts';
import { SheetController } from './sheet/sheet.controller.ts';
import { OrgUnitChangesRepository } from './org-unit-changes.repository.ts';
import { OrgUnitsRepository } from './org-units.repository.ts';
import { TreeChangesService } from './tree-changes.service.ts';
import { UnitHistories } from './unit-histories.ts';

/** The tree of organisations. Global, since whoever decides about rights asks where something stands. */
@Global()
@Module({
  controllers: [SheetController, OrganisationsController],
  providers: [
    OrganisationsService,
    OrganisationsCatalogue,
    OrganisationActs,
    OrganisationImports,
    PlannedChanges,
    TreeChangesService,
    DepartmentsService,
    DepartmentsRepository,
    UnitHistories,
    OrgUnitsRepository,
    OrgUnitChangesRepository,
  ],
  exports: [OrganisationsService],
})
export class OrganisationsModule {}
