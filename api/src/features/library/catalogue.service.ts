import { Inject, Injectable } from '@nestjs/common';
import type { Course, CourseCard, CourseUnit, listCourses } from '@yike/contracts/http/library';
import type { Locale } from '@yike/contracts/http/accounts';
import { CourseId, type LineageId, type UnitId, type UserId } from '@yike/contracts/ids';
import type { ObjectStore } from '@yike/storage/object-store';
import { NotFound } from '../../domain/domain-error.ts';
import { hull, intersect, type IntervalSet, lengthMs, shift } from '../../domain/intervals.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { pageOf, parseCursor } from '../../platform/http/cursor.ts';
import type { QueryIn, ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { OBJECT_STORE } from '../../platform/tokens.ts';
import { AccountsService, type Person } from '../accounts/accounts.service.ts';
import { CaptionsService } from '../timelines/captions.service.ts';
import type { CourseEntity } from './course.entity.ts';
import { CoursesRepository } from './courses.repository.ts';
import { LibraryService, type UnitFacts } from './library.service.ts';
import { ProgressPort, type UnitProgress } from './progress-port.ts';

/** Who asks, and where they reach object storage. */
export interface Asking {
  readonly userId: UserId | null;
  readonly storageOrigin: string;
}

const CONTINUE_LIMIT = 12;
const POSTER_SECONDS = 3_600;

/** What residents see of the library, with their own progress. */
@Injectable()
export class CatalogueService {
  constructor(
    private readonly courses: CoursesRepository,
    private readonly library: LibraryService,
    private readonly progress: ProgressPort,
    private readonly accounts: AccountsService,
    private readonly captions: CaptionsService,
    private readonly unitOfWork: UnitOfWork,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** Latest first. */
  async list(query: QueryIn<typeof listCourses>, asking: Asking): Promise<ReplyOf<typeof listCourses>> {
    const { topic, q, cursor, limit } = query;
    const after = parseCursor(cursor, CourseId);
    const rows = await this.courses.list({ topic, q, after, limit: limit + 1 }, this.unitOfWork.reader);
    const show = await this.shower(rows, asking);
    return pageOf(rows, limit, ({ publishedAt, id }) => ({ at: publishedAt, id }), show.card);
  }

  /** @throws NotFound */
  async get(id: CourseId, asking: Asking): Promise<Course> {
    const row = await this.courses.byId(id, this.unitOfWork.reader);
    if (row === null) throw new NotFound('there is no such course');
    return (await this.shower([row], asking)).course(row);
  }

  /** Begun and not completed, latest first. */
  async continueWatching(userId: UserId, storageOrigin: string): Promise<CourseCard[]> {
    const begun = await this.progress.begunUnits(userId, CONTINUE_LIMIT);
    const units = await this.courses.unitsByIds(begun, this.unitOfWork.reader);
    const courseOf = new Map(units.map(({ id, courseId }) => [id, courseId]));
    const ids = [...new Set(begun.flatMap((unitId) => courseOf.get(unitId) ?? []))];
    const courses = await this.courses.byIds(ids, this.unitOfWork.reader);
    const rows = ids.flatMap((id) => courses.get(id) ?? []);
    const show = await this.shower(rows, { userId, storageOrigin });
    return rows.map(show.card);
  }

  /** Loads all that the rows need in a few queries. */
  private async shower(rows: readonly CourseEntity[], { userId, storageOrigin }: Asking): Promise<Shower> {
    const units = await this.library.unitsOfCourses(rows.map(({ id }) => id));
    const people = await this.accounts.people(rows.flatMap(({ lecturerId }) => lecturerId ?? []));
    const progress = await this.progress.progressOf(userId, units);
    const captions = await this.captions.languagesOf(units.map(({ lineageId }) => lineageId));
    const posterUrl = (key: string | null) => key && this.posterUrl(key, storageOrigin);
    return new Shower({ units, people, progress, captions, isSignedIn: userId !== null, posterUrl });
  }

  /** Stable for an hour, so that a browser keeps the picture. */
  private posterUrl(key: string, publicUrl: string): string {
    return this.store.presignGet(key, {
      publicUrl,
      expiresInSeconds: POSTER_SECONDS,
      windowSeconds: POSTER_SECONDS,
    });
  }
}

interface Shown {
  readonly units: readonly UnitFacts[];
  readonly people: ReadonlyMap<UserId, Person>;
  readonly progress: ReadonlyMap<UnitId, UnitProgress>;
  readonly captions: ReadonlyMap<LineageId, readonly Locale[]>;
  readonly isSignedIn: boolean;
  readonly posterUrl: (key: string | null) => string | null;
}

/** Turns rows into what the contract shows. */
class Shower {
  readonly #shown: Shown;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  readonly card = (row: CourseEntity): CourseCard => ({
    id: row.id,
    title: row.title,
    topic: row.topic,
    origin: row.origin,
    lecturerName: row.lecturerId && (this.#shown.people.get(row.lecturerId)?.displayName ?? null),
    durationMs: row.durationMs,
    posterUrl: this.#shown.posterUrl(row.posterKey),
    publishedAt: row.publishedAt.toISOString(),
    progress: this.#shown.isSignedIn ? this.#progress(row) : null,
  });

  readonly course = (row: CourseEntity): Course => ({
    ...this.card(row),
    summary: row.summary,
    givesCertificate: row.givesCertificate,
    lectureId: row.lectureId,
    units: this.#unitsOf(row).map(({ facts, progress }) => ({
      ...unitOf(facts, progress),
      captions: [...(this.#shown.captions.get(facts.lineageId) ?? [])],
    })),
  });

  #unitsOf({ id }: CourseEntity) {
    const units = this.#shown.units.filter(({ courseId }) => courseId === id);
    return units.map((facts) => ({ facts, progress: this.#shown.progress.get(facts.unitId) }));
  }

  #progress(row: CourseEntity): CourseCard['progress'] {
    const units = this.#unitsOf(row);
    return {
      watchedMs: units.reduce((sum, { progress }) => sum + lengthMs(progress?.watched ?? []), 0),
      completed: units.every(({ progress }) => progress?.completed === true),
      resumeAtMs: units.find(({ progress }) => progress?.completed !== true)?.progress?.resumeAtMs ?? 0,
    };
  }
}

const unitOf = (facts: UnitFacts, progress: UnitProgress | undefined): Omit<CourseUnit, 'captions'> => ({
  id: facts.unitId,
  title: facts.title,
  lineageId: facts.lineageId,
  durationMs: facts.durationMs,
  recorded: [...onUnitClock(facts, facts.recorded)],
  watched: [...onUnitClock(facts, progress?.watched ?? [])],
  grantsSeconds: progress?.grantsSeconds ?? 0,
  requiredMs: progress?.requiredMs ?? lengthMs(facts.recorded),
  completed: progress?.completed ?? false,
  resumeAtMs: progress?.resumeAtMs ?? 0,
});

/** A unit's clock begins where its cut does. */
function onUnitClock({ cut, offsetMs }: UnitFacts, set: IntervalSet): IntervalSet {
  const bounds = hull(cut);
  return bounds === null ? [] : shift(intersect(set, [bounds]), -offsetMs);
}
