import { Controller } from '@nestjs/common';
import { getLectureAttendance, type LectureAttendance } from '@yike/contracts/http/administration';
import { LectureId } from '@yike/contracts/ids';
import { IdParam, Serves } from '../../platform/http/endpoint.decorators.ts';
import { Roles } from '../../platform/security/audience.ts';
import { AttendanceService } from './attendance.service.ts';

@Controller()
export class AttendanceController {
  constructor(private readonly attendance: AttendanceService) {}

  @Serves(getLectureAttendance)
  @Roles('admin')
  ofLecture(@IdParam('lectureId', LectureId) lectureId: LectureId): Promise<LectureAttendance> {
    return this.attendance.ofLecture(lectureId);
  }
}
