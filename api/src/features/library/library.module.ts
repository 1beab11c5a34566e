import { Module } from '@nestjs/common';
import { TimelinesModule } from '../timelines/timelines.module.ts';
import { CatalogueController } from './catalogue.controller.ts';
import { CatalogueService } from './catalogue.service.ts';
import { CoursesRepository } from './courses.repository.ts';
import { LibraryService } from './library.service.ts';
import { ReplaysService } from './replays.service.ts';

/** Courses and their units. Its catalogue asks `ProgressPort`, which the viewing feature provides to all. */
@Module({
  imports: [TimelinesModule],
  controllers: [CatalogueController],
  providers: [LibraryService, CatalogueService, ReplaysService, CoursesRepository],
  exports: [LibraryService, ReplaysService],
})
export class LibraryModule {}
