import { Module } from '@nestjs/common';
import { CertificatesModule } from '../certificates/certificates.module.ts';
import { PeopleModule } from '../people/people.module.ts';
import { DeletionService } from './deletion.service.ts';
import { OwnDataService } from './own-data.service.ts';
import { OwnExportService } from './own-export.service.ts';
import { OwnRecordsRepository } from './own-records.repository.ts';
import { PrivacyController } from './privacy.controller.ts';

/** What people may do with what is known of them: see it, take it with them, have it deleted. */
@Module({
  imports: [CertificatesModule, PeopleModule],
  controllers: [PrivacyController],
  providers: [OwnDataService, OwnExportService, DeletionService, OwnRecordsRepository],
})
export class PrivacyModule {}
