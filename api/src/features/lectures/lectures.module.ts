import { Module } from '@nestjs/common';
import { LecturesController } from './lectures.controller.ts';
import { LecturesRepository } from './lectures.repository.ts';
import { LecturesService } from './lectures.service.ts';

/** Plans of lectures, and how they stand. */
@Module({
  controllers: [LecturesController],
  providers: [LecturesService, LecturesRepository],
  exports: [LecturesService],
})
export class LecturesModule {}
