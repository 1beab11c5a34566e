import { Injectable } from '@nestjs/common';
import type { LectureId, UserId } from '@yike/contracts/ids';
import { In } from 'typeorm';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import type { Cursor } from '../../platform/http/cursor.ts';
import { LectureEntity } from './lecture.entity.ts';

export interface LecturePage {
  readonly after: Cursor<LectureId> | undefined;
  readonly limit: number;
}

@Injectable()
export class LecturesRepository {
  byId(id: LectureId, tx: Tx): Promise<LectureEntity | null> {
    return tx.findOneBy(LectureEntity, { id });
  }

  byIds(ids: readonly LectureId[], tx: Tx): Promise<LectureEntity[]> {
    return tx.findBy(LectureEntity, { id: In(ids) });
  }

  lock(id: LectureId, tx: Tx): Promise<LectureEntity | null> {
    return tx.findOne(LectureEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  live(page: LecturePage, tx: Tx): Promise<LectureEntity[]> {
    const query = this.page(page, 'ASC', tx);
    return query.andWhere("lecture.state IN ('live', 'interrupted', 'ending')").getMany();
  }

  /** Those whose planned time is not over. */
  coming(page: LecturePage, now: Date, tx: Tx): Promise<LectureEntity[]> {
    const query = this.page(page, 'ASC', tx).andWhere("lecture.state = 'scheduled'");
    return query
      .andWhere('lecture.starts_at + make_interval(mins => lecture.planned_minutes) > :now', { now })
      .getMany();
  }

  past(page: LecturePage, tx: Tx): Promise<LectureEntity[]> {
    return this.page(page, 'DESC', tx).andWhere("lecture.state = 'ended'").getMany();
  }

  ofLecturer(lecturerId: UserId, page: LecturePage, tx: Tx): Promise<LectureEntity[]> {
    return this.page(page, 'DESC', tx)
      .andWhere('lecture.lecturer_id = :lecturerId', { lecturerId })
      .getMany();
  }

  async insert(lecture: Partial<LectureEntity>, tx: Tx): Promise<void> {
    await tx.insert(LectureEntity, lecture);
  }

  async update(id: LectureId, changes: Partial<LectureEntity>, tx: Tx): Promise<void> {
    await tx.update(LectureEntity, { id }, changes);
  }

  private page({ after, limit }: LecturePage, order: 'ASC' | 'DESC', tx: Tx) {
    const query = tx.createQueryBuilder(LectureEntity, 'lecture');
    if (after !== undefined) {
      const beyond = order === 'ASC' ? '>' : '<';
      query.where(`(lecture.starts_at, lecture.id) ${beyond} (:at, :id)`, { at: after.at, id: after.id });
    }
    return query.orderBy('lecture.startsAt', order).addOrderBy('lecture.id', order).take(limit);
  }
}
