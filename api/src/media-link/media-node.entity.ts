import type { MediaNodeId } from '@yike/contracts/ids';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a media node said of itself in its last heartbeat. */
@Entity('media_nodes')
export class MediaNodeEntity {
  @PrimaryColumn('text')
  id!: MediaNodeId;

  @Column('text')
  controlUrl!: string;

  @Column('text')
  socketPath!: string;

  @Column('text', { nullable: true })
  publicOrigin!: string | null;

  @Column('text')
  state!: 'ready' | 'draining';

  /** 0–1 of its capacity. */
  @Column('float8')
  load!: number;

  @Column('timestamptz')
  startedAt!: Date;

  @Column('timestamptz')
  seenAt!: Date;
}
