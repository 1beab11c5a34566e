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
import { CurrentUser, Public, Roles, type SignedInUser } from '../../platform/security/audience.ts';
import { LecturesService } from './lectures.service.ts';

@Controller()
export class LecturesController {
  constructor(private readonly lectures: LecturesService) {}

  @Serves(listLectures)
  @Public()
  list(@QueryOf(listLectures) query: QueryIn<typeof listLectures>): Promise<ReplyOf<typeof listLectures>> {
    return this.lectures.list(query);
  }

  @Serves(listMyLectures)
  @Roles('lecturer')
  listMine(
    @QueryOf(listMyLectures) query: QueryIn<typeof listMyLectures>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof listMyLectures>> {
    return this.lectures.listOf(user.id, query);
  }

  @Serves(getLecture)
  @Public()
  get(@IdParam('lectureId', LectureId) id: LectureId): Promise<Lecture> {
    return this.lectures.get(id);
  }

  @Serves(planLecture)
  @Roles('lecturer')
  plan(@BodyOf(planLecture) plan: LecturePlan, @CurrentUser() user: SignedInUser): Promise<Lecture> {
    return this.lectures.plan(user.id, plan);
  }

  @Serves(changeLecture)
  @Roles('lecturer')
  change(
    @IdParam('lectureId', LectureId) id: LectureId,
    @BodyOf(changeLecture) plan: LecturePlan,
    @CurrentUser() user: SignedInUser,
  ): Promise<Lecture> {
    return this.lectures.change(id, user.id, plan);
  }

  @Serves(cancelLecture)
  @Roles('lecturer')
  cancel(@IdParam('lectureId', LectureId) id: LectureId, @CurrentUser() user: SignedInUser): Promise<void> {
    return this.lectures.cancel(id, user.id);
  }
}
