import { Injectable } from '@nestjs/common';
import { CourseId, type LineageId, UnitId } from '@yike/contracts/ids';
import { type IntervalSet, lengthMs } from '../../domain/intervals.ts';
import { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import type { LectureFacts } from '../lectures/lectures.service.ts';
import { CoursesRepository } from './courses.repository.ts';
import { LibraryService } from './library.service.ts';

export interface Replay {
  readonly lecture: LectureFacts;
  readonly lineageId: LineageId;
  /** What it shows of the timeline; not empty. */
  readonly cut: IntervalSet;
}

/** Makes a lecture's recording a course of one unit: rows only, nothing is processed. */
@Injectable()
export class ReplaysService {
  constructor(
    private readonly courses: CoursesRepository,
    private readonly library: LibraryService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Once per lecture; returns the course, also when it was there. */
  async publish({ lecture, lineageId, cut }: Replay, tx: Tx): Promise<CourseId> {
    const published = await this.courses.ofLecture(lecture.id, tx);
    if (published !== null) return published.id;
    const courseId = this.ids.next(CourseId);
    const course = {
      id: courseId,
      title: lecture.title,
      summary: lecture.summary,
      topic: lecture.topic,
      origin: 'replay' as const,
      lectureId: lecture.id,
      lecturerId: lecture.lecturerId,
      orgUnitId: lecture.orgUnitId,
      slug: null,
      givesCertificate: lecture.givesCertificate,
      posterKey: null,
      durationMs: lengthMs(cut),
      publishedAt: this.clock.now(),
    };
    const unit = {
      id: this.ids.next(UnitId),
      courseId,
      position: 0,
      title: lecture.title,
      lineageId,
      cutRanges: cut,
    };
    await this.library.publish(course, [unit], tx);
    return courseId;
  }
}
