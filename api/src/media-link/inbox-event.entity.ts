import type { EventId, MediaNodeId } from '@yike/contracts/ids';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event that was taken: the second time its id comes, nothing happens. */
@Entity('inbox_events')
export class InboxEventEntity {
  @PrimaryColumn('uuid')
  id!: EventId;

  @Column('text')
  type!: string;

  @Column('text', { nullable: true })
  nodeId!: MediaNodeId | null;

  @Column('timestamptz', { default: () => 'now()' })
  receivedAt!: Date;

  /** Why it was refused, and then the event itself, parked for a person to look at. */
  @Column('text', { nullable: true })
  refusal!: string | null;

  @Column('jsonb', { nullable: true })
  payload!: unknown;
}
