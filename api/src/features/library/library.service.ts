import { Injectable } from '@nestjs/common';
import type { CourseId, LectureId, LineageId, UnitId } from '@yike/contracts/ids';
import { intersect, type IntervalSet, lengthMs } from '../../domain/intervals.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import { type TimelineFacts, TimelinesService } from '../timelines/timelines.service.ts';
import type { CourseRow, UnitRow } from './course.entity.ts';
import { CoursesRepository } from './courses.repository.ts';

/** What may be known of a published unit, for judging what was watched of it. */
export interface UnitFacts {
  readonly unitId: UnitId;
  readonly courseId: CourseId;
  /** Set where the unit is a lecture's replay. */
  readonly lectureId: LectureId | null;
  readonly lineageId: LineageId;
  readonly title: string;
  readonly courseTitle: string;
  readonly givesCertificate: boolean;
  /** The organisation that offers it. */
  readonly place: string;
  /** The ranges of the timeline that the unit shows. */
  readonly cut: IntervalSet;
  /** Of these, what was really recorded. */
  readonly recorded: IntervalSet;
  /** The cut's length. */
  readonly durationMs: number;
  /** Adds to the unit's clock to give the timeline. */
  readonly offsetMs: number;
  /** Wall clock of timeline 0, unix ms; null for what has none. */
  readonly zeroAtMs: number | null;
}

/** Told of each unit that was published, in the transaction that publishes it. */
export type PublishedListener = (unit: UnitFacts, tx: Tx) => Promise<void>;

/** What the library knows, for the other features; what it shows is `CatalogueService`'s. */
@Injectable()
export class LibraryService {
  private readonly listeners: PublishedListener[] = [];

  constructor(
    private readonly courses: CoursesRepository,
    private readonly timelines: TimelinesService,
    private readonly organisations: OrganisationsService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Registers what else must happen when something is published; called once, when a module starts. */
  onPublished(listener: PublishedListener): void {
    this.listeners.push(listener);
  }

  /** Also of a lecture that still runs. Null for an unknown lineage. */
  timelineFacts(lineageId: LineageId, tx: Tx = this.unitOfWork.reader): Promise<TimelineFacts | null> {
    return this.timelines.facts(lineageId, tx);
  }

  /** Null for an unknown unit. */
  async unitFacts(unitId: UnitId, tx: Tx = this.unitOfWork.reader): Promise<UnitFacts | null> {
    return (await this.unitFactsOf([unitId], tx)).get(unitId) ?? null;
  }

  /** Those that exist, by id. */
  async unitFactsOf(
    ids: readonly UnitId[],
    tx: Tx = this.unitOfWork.reader,
  ): Promise<Map<UnitId, UnitFacts>> {
    const units = await this.factsOf(await this.courses.unitsByIds(ids, tx), tx);
    return new Map(units.map((unit) => [unit.unitId, unit]));
  }

  /** All units that show something of this timeline. */
  unitsOfLineage(lineageId: LineageId, tx: Tx = this.unitOfWork.reader): Promise<UnitFacts[]> {
    return this.unitsOfLineages([lineageId], tx);
  }

  /** All units that show something of these timelines. */
  async unitsOfLineages(ids: readonly LineageId[], tx: Tx = this.unitOfWork.reader): Promise<UnitFacts[]> {
    return this.factsOf(await this.courses.unitsOfLineages(ids, tx), tx);
  }

  /** The units of these courses, in order. */
  async unitsOfCourses(ids: readonly CourseId[], tx: Tx = this.unitOfWork.reader): Promise<UnitFacts[]> {
    return this.factsOf(await this.courses.unitsOfCourses(ids, tx), tx);
  }

  /** Saves a course with its units, and tells the listeners. The caller has made sure that it is new. */
  async publish(course: CourseRow, units: readonly UnitRow[], tx: Tx): Promise<void> {
    await this.courses.insert(course, units, tx);
    for (const facts of await this.factsOf(units, tx)) {
      for (const listener of this.listeners) await listener(facts, tx);
    }
  }

  private async factsOf(units: readonly UnitRow[], tx: Tx): Promise<UnitFacts[]> {
    if (units.length === 0) return [];
    const courses = await this.courses.byIds(
      units.map(({ courseId }) => courseId),
      tx,
    );
    const places = await this.organisations.publicNames(
      [...courses.values()].map(({ orgUnitId }) => orgUnitId),
      tx,
    );
    const timelines = await this.timelines.factsOfMany(
      units.map(({ lineageId }) => lineageId),
      tx,
    );
    return units.flatMap((unit) => {
      const course = courses.get(unit.courseId);
      const timeline = timelines.get(unit.lineageId);
      if (course === undefined || timeline === undefined) return [];
      return [unitFactsOf(unit, course, timeline, places.get(course.orgUnitId) ?? '')];
    });
  }
}

const unitFactsOf = (
  unit: UnitRow,
  course: CourseRow,
  timeline: TimelineFacts,
  place: string,
): UnitFacts => ({
  unitId: unit.id,
  courseId: course.id,
  lectureId: course.lectureId,
  lineageId: unit.lineageId,
  title: unit.title,
  courseTitle: course.title,
  givesCertificate: course.givesCertificate,
  place,
  cut: unit.cutRanges,
  recorded: intersect(timeline.recorded, unit.cutRanges),
  durationMs: lengthMs(unit.cutRanges),
  offsetMs: unit.cutRanges[0]?.fromMs ?? 0,
  zeroAtMs: timeline.zeroAtMs,
});
