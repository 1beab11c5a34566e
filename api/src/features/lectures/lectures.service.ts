import { Injectable } from '@nestjs/common';
import type { Lecture, LecturePlan, listLectures } from '@yike/contracts/http/lectures';
import { type CourseId, LectureId, type OrgUnitId, type UserId } from '@yike/contracts/ids';
import { DomainError, NotFound } from '../../domain/domain-error.ts';
import type { Action } from '../../domain/policy/actions.ts';
import { placeOfWork } from '../../domain/policy/grants.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { pageOf, parseCursor } from '../../platform/http/cursor.ts';
import type { QueryIn, ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { Ids } from '../../platform/ids.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Acts } from '../../platform/security/acts.ts';
import { AccountsService, type Person } from '../accounts/accounts.service.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import type { LectureEntity } from './lecture.entity.ts';
import { LecturesRepository } from './lectures.repository.ts';

/** It was live, or is cancelled: its plan is history. */
class LectureNotEditable extends DomainError {
  readonly code = 'lecture-not-editable';
}

/** What other features may know of a lecture. */
export type LectureFacts = Readonly<
  Pick<
    LectureEntity,
    | 'id'
    | 'title'
    | 'summary'
    | 'topic'
    | 'startsAt'
    | 'plannedMinutes'
    | 'givesCertificate'
    | 'lecturerId'
    | 'orgUnitId'
    | 'state'
    | 'broadcastId'
    | 'replayCourseId'
  >
>;

/** What a lecture repeats of its broadcast. */
export type BroadcastMirror = Readonly<
  Pick<LectureEntity, 'state' | 'broadcastId' | 'liveSince' | 'endingAt' | 'viewers'>
>;

type Page = ReplyOf<typeof listLectures>;
type PageQuery = Pick<QueryIn<typeof listLectures>, 'cursor' | 'limit'>;

@Injectable()
export class LecturesService {
  constructor(
    private readonly lectures: LecturesRepository,
    private readonly accounts: AccountsService,
    private readonly organisations: OrganisationsService,
    private readonly acts: Acts,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async list({ when, cursor, limit }: QueryIn<typeof listLectures>): Promise<Page> {
    const page = { after: parseCursor(cursor, LectureId), limit: limit + 1 };
    const tx = this.unitOfWork.reader;
    switch (when) {
      case 'live':
        return this.show(await this.lectures.live(page, tx), limit);
      case 'coming':
        return this.show(await this.lectures.coming(page, this.clock.now(), tx), limit);
      case 'past':
        return this.show(await this.lectures.past(page, tx), limit);
    }
  }

  async listOf(lecturerId: UserId, { cursor, limit }: PageQuery): Promise<Page> {
    const page = { after: parseCursor(cursor, LectureId), limit: limit + 1 };
    return this.show(await this.lectures.ofLecturer(lecturerId, page, this.unitOfWork.reader), limit);
  }

  /** @throws NotFound */
  async get(id: LectureId): Promise<Lecture> {
    const lecture = await this.lectures.byId(id, this.unitOfWork.reader);
    const [shown] = lecture === null ? [] : (await this.show([lecture], 1)).items;
    if (shown === undefined) throw new NotFound('there is no such lecture');
    return shown;
  }

  /** For the lecturer's own organisation, or for the one that made them a lecturer. @throws Forbidden, NotFound */
  async plan(lecturer: SignedInUser, plan: LecturePlan): Promise<Lecture> {
    const id = this.ids.next(LectureId);
    const home = (await this.accounts.people([lecturer.id])).get(lecturer.id);
    if (home === undefined) throw new NotFound('there is no such lecturer');
    const atHome = { orgUnitId: home.orgUnitId, path: await this.organisations.pathOf(home.orgUnitId) };
    const { orgUnitId, path } = placeOfWork('lecturer', lecturer.grants, atHome, this.clock.nowMs());
    this.acts.allow(lecturer, 'lecture.plan', { orgPath: path });
    const row = { id, lecturerId: lecturer.id, orgUnitId, ...rowOf(plan) };
    await this.lectures.insert(row, this.unitOfWork.reader);
    return this.get(id);
  }

  /** @throws NotFound, Forbidden, LectureNotEditable */
  async change(id: LectureId, actor: SignedInUser, plan: LecturePlan): Promise<Lecture> {
    await this.edit(id, actor, 'lecture.change', rowOf(plan));
    return this.get(id);
  }

  /** @throws NotFound, Forbidden, LectureNotEditable */
  async cancel(id: LectureId, actor: SignedInUser): Promise<void> {
    await this.edit(id, actor, 'lecture.cancel', { state: 'cancelled' });
  }

  /** Null for an unknown one. */
  facts(id: LectureId, tx: Tx = this.unitOfWork.reader): Promise<LectureFacts | null> {
    return this.lectures.byId(id, tx);
  }

  /** Locked until the transaction ends: what starts a broadcast and what cancels the plan exclude each other. */
  lock(id: LectureId, tx: Tx): Promise<LectureFacts | null> {
    return this.lectures.lock(id, tx);
  }

  /** The broadcast changed; in its transaction. */
  async mirror(id: LectureId, mirror: BroadcastMirror, tx: Tx): Promise<void> {
    await this.lectures.update(id, mirror, tx);
  }

  /** The replay can be played; in the transaction that publishes it. */
  async replayPublished(id: LectureId, replayCourseId: CourseId, tx: Tx): Promise<void> {
    await this.lectures.update(id, { replayCourseId }, tx);
  }

  private edit(
    id: LectureId,
    actor: SignedInUser,
    action: Action,
    changes: Partial<LectureEntity>,
  ): Promise<void> {
    return this.unitOfWork.run(async (tx) => {
      const lecture = await this.lectures.lock(id, tx);
      if (lecture === null) throw new NotFound('there is no such lecture');
      this.acts.allow(actor, action, { ownerId: lecture.lecturerId });
      if (lecture.state !== 'scheduled' || lecture.broadcastId !== null) {
        throw new LectureNotEditable('the lecture was on air, or is cancelled');
      }
      await this.lectures.update(id, changes, tx);
    });
  }

  private async show(rows: LectureEntity[], limit: number): Promise<Page> {
    const people = await this.accounts.people(rows.map(({ lecturerId }) => lecturerId));
    const places = await this.organisations.publicNames(rows.map(({ orgUnitId }) => orgUnitId));
    return pageOf(
      rows,
      limit,
      ({ startsAt, id }) => ({ at: startsAt, id }),
      (lecture) => lectureOf(lecture, { people, places }),
    );
  }
}

interface Names {
  readonly people: ReadonlyMap<UserId, Person>;
  readonly places: ReadonlyMap<OrgUnitId, string>;
}

const rowOf = ({ startsAt, ...plan }: LecturePlan) => ({ ...plan, startsAt: new Date(startsAt) });

const lectureOf = (lecture: LectureEntity, { people, places }: Names): Lecture => ({
  id: lecture.id,
  title: lecture.title,
  summary: lecture.summary,
  topic: lecture.topic,
  startsAt: lecture.startsAt.toISOString(),
  plannedMinutes: lecture.plannedMinutes,
  givesCertificate: lecture.givesCertificate,
  lecturer: { id: lecture.lecturerId, displayName: people.get(lecture.lecturerId)?.displayName ?? '' },
  orgUnitName: places.get(lecture.orgUnitId) ?? '',
  state: lecture.state,
  broadcastId: lecture.broadcastId,
  liveSince: lecture.liveSince?.toISOString() ?? null,
  endingAt: lecture.endingAt?.toISOString() ?? null,
  viewers: lecture.viewers,
  replayCourseId: lecture.replayCourseId,
});
