import { Injectable } from '@nestjs/common';
import type { Topic } from '@yike/contracts/http/lectures';
import type { CourseId, LectureId, LineageId, UnitId } from '@yike/contracts/ids';
import { In } from 'typeorm';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { CourseEntity, type CourseRow, UnitEntity, type UnitRow } from './course.entity.ts';

export interface CourseFilter {
  readonly topic?: Topic | undefined;
  /** Words of the title. */
  readonly q?: string | undefined;
  /** The last one of the page before. */
  readonly after?: { readonly at: Date; readonly id: CourseId } | undefined;
  readonly limit: number;
}

@Injectable()
export class CoursesRepository {
  byId(id: CourseId, tx: Tx): Promise<CourseEntity | null> {
    return tx.findOneBy(CourseEntity, { id });
  }

  async byIds(ids: readonly CourseId[], tx: Tx): Promise<Map<CourseId, CourseEntity>> {
    const courses = await tx.findBy(CourseEntity, { id: In([...new Set(ids)]) });
    return new Map(courses.map((course) => [course.id, course]));
  }

  ofLecture(lectureId: LectureId, tx: Tx): Promise<CourseEntity | null> {
    return tx.findOneBy(CourseEntity, { lectureId });
  }

  bySlug(slug: string, tx: Tx): Promise<CourseEntity | null> {
    return tx.findOneBy(CourseEntity, { slug });
  }

  unitsByIds(ids: readonly UnitId[], tx: Tx): Promise<UnitEntity[]> {
    return tx.findBy(UnitEntity, { id: In(ids) });
  }

  unitsOfLineages(ids: readonly LineageId[], tx: Tx): Promise<UnitEntity[]> {
    return tx.findBy(UnitEntity, { lineageId: In(ids) });
  }

  unitsOfCourses(ids: readonly CourseId[], tx: Tx): Promise<UnitEntity[]> {
    return tx.find(UnitEntity, { where: { courseId: In(ids) }, order: { courseId: 'ASC', position: 'ASC' } });
  }

  /** Latest first. */
  list({ topic, q, after, limit }: CourseFilter, tx: Tx): Promise<CourseEntity[]> {
    const query = tx.createQueryBuilder(CourseEntity, 'course');
    if (topic !== undefined) query.andWhere('course.topic = :topic', { topic });
    if (q !== undefined && q !== '') query.andWhere('course.title ILIKE :q', { q: `%${escapeLike(q)}%` });
    if (after !== undefined) query.andWhere('(course.published_at, course.id) < (:at, :id)', after);
    return query.orderBy('course.publishedAt', 'DESC').addOrderBy('course.id', 'DESC').take(limit).getMany();
  }

  async insert(course: CourseRow, units: readonly UnitRow[], tx: Tx): Promise<void> {
    await tx.insert(CourseEntity, course);
    await tx.insert(UnitEntity, [...units]);
  }
}

const escapeLike = (words: string): string => words.replaceAll(/[\\%_]/g, String.raw`\$&`);
