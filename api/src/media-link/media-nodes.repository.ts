import { Injectable } from '@nestjs/common';
import type { NodeHeartbeat } from '@yike/contracts/control/commands';
import type { MediaNodeId } from '@yike/contracts/ids';
import { MoreThan } from 'typeorm';
import type { Tx } from '../platform/database/unit-of-work.ts';
import { MediaNodeEntity } from './media-node.entity.ts';

@Injectable()
export class MediaNodesRepository {
  byId(id: MediaNodeId, tx: Tx): Promise<MediaNodeEntity | null> {
    return tx.findOneBy(MediaNodeEntity, { id });
  }

  async save({ nodeId, startedAtMs, ...said }: NodeHeartbeat, seenAt: Date, tx: Tx): Promise<void> {
    const startedAt = new Date(startedAtMs);
    await tx.upsert(MediaNodeEntity, { id: nodeId, ...said, startedAt, seenAt }, ['id']);
  }

  /** The least loaded first. */
  ready(seenSince: Date, tx: Tx): Promise<MediaNodeEntity[]> {
    const where = { state: 'ready', seenAt: MoreThan(seenSince) } as const;
    return tx.find(MediaNodeEntity, { where, order: { load: 'ASC', id: 'ASC' } });
  }
}
