import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.ts';
import { ResidentsController } from './residents.controller.ts';
import { ResidentsRepository } from './residents.repository.ts';
import { ResidentsService } from './residents.service.ts';

/** Registered residents, for who looks after them. */
@Module({
  imports: [PeopleModule],
  controllers: [ResidentsController],
  providers: [ResidentsService, ResidentsRepository],
})
export class ResidentsModule {}
