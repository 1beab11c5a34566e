import { Controller } from '@nestjs/common';
import { getLectureAttendance, type LectureAttendance } from '@yike/contracts/http/administration';
import { LectureId } from '@yike/contracts/ids';
import { IdParam, Serves } from '../../platform/http/endpoint.decorators.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { AttendanceService } from './attendance.service.ts';

@Controller()
export class AttendanceController {
  constructor(private readonly attendance: AttendanceService) {}

  @Serves(getLectureAttendance)
  @Does('lecture.read-attendance')
  ofLecture(
    @IdParam('lectureId', LectureId) lectureId: LectureId,
    @CurrentUser() user: SignedInUser,
  ): Promise<LectureAttendance> {
    return this.attendance.ofLecture(user, lectureId);
  }
}
