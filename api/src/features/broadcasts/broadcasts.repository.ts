import { Injectable } from '@nestjs/common';
import { ABSENT_AFTER_PLAN_MS } from '@yike/contracts/absence';
import type { BroadcastId, LectureId, MediaNodeId, RecordingId } from '@yike/contracts/ids';
import { IsNull } from 'typeorm';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { BroadcastEntity } from './broadcast.entity.ts';

@Injectable()
export class BroadcastsRepository {
  byId(id: BroadcastId, tx: Tx): Promise<BroadcastEntity | null> {
    return tx.findOneBy(BroadcastEntity, { id });
  }

  ofLecture(lectureId: LectureId, tx: Tx): Promise<BroadcastEntity | null> {
    return tx.findOneBy(BroadcastEntity, { lectureId });
  }

  ofRecording(recordingId: RecordingId, tx: Tx): Promise<BroadcastEntity | null> {
    return tx.findOneBy(BroadcastEntity, { recordingId });
  }

  /** Locked until the transaction ends: commands to one broadcast come one after the other. */
  lock(id: BroadcastId, tx: Tx): Promise<BroadcastEntity | null> {
    return tx.findOne(BroadcastEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Those whose recording is not complete: the node has something to do for them. */
  unfinishedOn(mediaNode: MediaNodeId, tx: Tx): Promise<BroadcastEntity[]> {
    return tx.findBy(BroadcastEntity, { mediaNode, completedAt: IsNull() });
  }

  /**
   * Those that may be due by the rule of `domain/broadcast.ts`, which decides; locked, and without those that another
   * process just works on.
   */
  lockMaybeDue(now: Date, limit: number, tx: Tx): Promise<BroadcastEntity[]> {
    const absentSince = new Date(now.getTime() - ABSENT_AFTER_PLAN_MS);
    return tx
      .createQueryBuilder(BroadcastEntity, 'broadcast')
      .where("broadcast.state <> 'ended'")
      .andWhere(
        '(broadcast.ending_at <= :now OR (NOT broadcast.has_publisher AND broadcast.publisher_since <= :absentSince))',
        { now, absentSince },
      )
      .limit(limit)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
  }

  async insert(broadcast: Partial<BroadcastEntity>, tx: Tx): Promise<void> {
    await tx.insert(BroadcastEntity, broadcast);
  }

  async update(id: BroadcastId, changes: Partial<BroadcastEntity>, tx: Tx): Promise<void> {
    await tx.update(BroadcastEntity, { id }, changes);
  }
}
