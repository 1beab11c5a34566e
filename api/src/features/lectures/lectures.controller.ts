import { Controller } from '@nestjs/common';
import {
  cancelLecture,
  changeLecture,
  getLecture,
  type Lecture,
  type LecturePlan,
  listLectures,
  listMyLectures,
  planLecture,
} from '@yike/contracts/http/lectures';
import { LectureId } from '@yike/contracts/ids';
import {
  BodyOf,
  IdParam,
  type QueryIn,
  QueryOf,
  type ReplyOf,
  Serves,
} from '../../platform/http/endpoint.decorators.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { LecturesService } from './lectures.service.ts';

@Controller()
export class LecturesController {
  constructor(private readonly lectures: LecturesService) {}

  @Serves(listLectures)
  @Does('lecture.list')
  list(@QueryOf(listLectures) query: QueryIn<typeof listLectures>): Promise<ReplyOf<typeof listLectures>> {
    return this.lectures.list(query);
  }

  @Serves(listMyLectures)
  @Does('lecture.list-mine')
  listMine(
    @QueryOf(listMyLectures) query: QueryIn<typeof listMyLectures>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof listMyLectures>> {
    return this.lectures.listOf(user.id, query);
  }

  @Serves(getLecture)
  @Does('lecture.read')
  get(@IdParam('lectureId', LectureId) id: LectureId): Promise<Lecture> {
    return this.lectures.get(id);
  }

  @Serves(planLecture)
  @Does('lecture.plan')
  plan(@BodyOf(planLecture) plan: LecturePlan, @CurrentUser() user: SignedInUser): Promise<Lecture> {
    return this.lectures.plan(user, plan);
  }

  @Serves(changeLecture)
  @Does('lecture.change')
  change(
    @IdParam('lectureId', LectureId) id: LectureId,
    @BodyOf(changeLecture) plan: LecturePlan,
    @CurrentUser() user: SignedInUser,
  ): Promise<Lecture> {
    return this.lectures.change(id, user, plan);
  }

  @Serves(cancelLecture)
  @Does('lecture.cancel')
  cancel(@IdParam('lectureId', LectureId) id: LectureId, @CurrentUser() user: SignedInUser): Promise<void> {
    return this.lectures.cancel(id, user);
  }
}
