import { Injectable } from '@nestjs/common';
import type { AttendanceRow, LectureAttendance } from '@yike/contracts/http/administration';
import { LineageId } from '@yike/contracts/ids';
import type { LectureId } from '@yike/contracts/ids';
import { NotFound } from '../../domain/domain-error.ts';
import { lengthMs } from '../../domain/intervals.ts';
import type { Actor } from '../../domain/policy/can.ts';
import { Acts } from '../../platform/security/acts.ts';
import { AccountsService } from '../accounts/accounts.service.ts';
import { AccountService } from '../bank/account.service.ts';
import { BroadcastsService } from '../broadcasts/broadcasts.service.ts';
import { LecturesService } from '../lectures/lectures.service.ts';
import { LibraryService } from '../library/library.service.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import { type LineageFigures, ViewingFigures } from '../viewing/viewing-figures.service.ts';

const NOBODY = { persons: 0, attendances: 0, completions: 0 };
const NO_TIME = { liveSeconds: 0, replaySeconds: 0, mergedSeconds: 0, postedSeconds: 0 };

/** Who was at a lecture, live and later. Each figure is the sum of its rows, in whole seconds of each person. */
@Injectable()
export class AttendanceService {
  constructor(
    private readonly lectures: LecturesService,
    private readonly broadcasts: BroadcastsService,
    private readonly library: LibraryService,
    private readonly figures: ViewingFigures,
    private readonly people: AccountsService,
    private readonly bank: AccountService,
    private readonly acts: Acts,
    private readonly organisations: OrganisationsService,
  ) {}

  /** @throws NotFound, Forbidden */
  async ofLecture(actor: Actor, lectureId: LectureId): Promise<LectureAttendance> {
    const lecture = await this.lectures.facts(lectureId);
    if (lecture === null) throw new NotFound('there is no such lecture');
    const orgPath = await this.organisations.pathOf(lecture.orgUnitId);
    this.acts.allow(actor, 'lecture.read-attendance', { orgPath });
    const head = { lectureId, title: lecture.title };
    const broadcast = await this.broadcasts.viewOfLecture(lectureId);
    if (broadcast === null) return { ...head, recordedSeconds: 0, ...NOBODY, totals: NO_TIME, rows: [] };
    // A recording's id is the lineage of all that is made of it.
    const lineageId = LineageId.parse(broadcast.recordingId);
    const timeline = await this.library.timelineFacts(lineageId);
    const rows = await this.rows(lineageId);
    return {
      ...head,
      recordedSeconds: Math.floor(lengthMs(timeline?.recorded ?? []) / 1000),
      persons: rows.length,
      attendances: rows.reduce((sum, { sessions }) => sum + sessions, 0),
      completions: rows.filter(({ row }) => row.completed).length,
      totals: {
        liveSeconds: sumOf(rows, 'liveSeconds'),
        replaySeconds: sumOf(rows, 'replaySeconds'),
        mergedSeconds: sumOf(rows, 'mergedSeconds'),
        postedSeconds: sumOf(rows, 'postedSeconds'),
      },
      rows: rows.map(({ row }) => row),
    };
  }

  private async rows(lineageId: LineageId): Promise<{ row: AttendanceRow; sessions: number }[]> {
    const figures = await this.figures.ofLineage(lineageId);
    const [people, completed, posted] = await Promise.all([
      this.people.people(figures.map(({ userId }) => userId)),
      this.bank.completedBy(lineageId),
      this.bank.postedOf(lineageId),
    ]);
    return figures.map((person) => ({
      sessions: person.sessions,
      row: {
        userId: person.userId,
        displayName: people.get(person.userId)?.displayName ?? '',
        ...secondsOf(person),
        postedSeconds: posted.get(person.userId) ?? 0,
        completed: completed.has(person.userId),
        refused: [...person.refused],
      },
    }));
  }
}

const secondsOf = ({ liveMs, replayMs, mergedMs }: LineageFigures) => ({
  liveSeconds: Math.floor(liveMs / 1000),
  replaySeconds: Math.floor(replayMs / 1000),
  mergedSeconds: Math.floor(mergedMs / 1000),
});

const sumOf = (rows: readonly { row: AttendanceRow }[], field: keyof typeof NO_TIME): number =>
  rows.reduce((sum, { row }) => sum + row[field], 0);
