import { Injectable } from '@nestjs/common';
import type { EventId, MediaNodeId } from '@yike/contracts/ids';
import type { Tx } from '../platform/database/unit-of-work.ts';
import { InboxEventEntity } from './inbox-event.entity.ts';

@Injectable()
export class InboxRepository {
  /** False where it was taken before. */
  async take(event: { id: EventId; type: string; nodeId: MediaNodeId }, tx: Tx): Promise<boolean> {
    const { id, type, nodeId } = event;
    const rows = await tx.query<unknown[]>(
      'INSERT INTO inbox_events (id, type, node_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id',
      [id, type, nodeId],
    );
    return rows.length === 1;
  }

  async park(
    id: EventId,
    parked: Pick<InboxEventEntity, 'type' | 'refusal' | 'payload'>,
    tx: Tx,
  ): Promise<void> {
    await tx.query(
      'INSERT INTO inbox_events (id, type, refusal, payload) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [id, parked.type, parked.refusal, JSON.stringify(parked.payload)],
    );
  }

  async deleteTakenBefore(before: Date, tx: Tx): Promise<void> {
    await tx.query('DELETE FROM inbox_events WHERE refusal IS NULL AND received_at < $1', [before]);
  }
}
