import { Module } from '@nestjs/common';
import { PeopleRepository } from './people.repository.ts';
import { PersonalDataService } from './personal-data.service.ts';

/** Who people are. */
@Module({
  providers: [PeopleRepository, PersonalDataService],
  exports: [PersonalDataService],
})
export class PeopleModule {}
