import { Module } from '@nestjs/common';
import { BankModule } from '../bank/bank.module.ts';
import { BroadcastsModule } from '../broadcasts/broadcasts.module.ts';
import { LecturesModule } from '../lectures/lectures.module.ts';
import { LibraryModule } from '../library/library.module.ts';
import { AttendanceController } from './attendance.controller.ts';
import { AttendanceService } from './attendance.service.ts';

/** Who attended, for administrators. */
@Module({
  imports: [LecturesModule, BroadcastsModule, LibraryModule, BankModule],
  controllers: [AttendanceController],
  providers: [AttendanceService],
})
export class AttendanceModule {}
