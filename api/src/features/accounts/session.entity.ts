import type { UserId } from '@yike/contracts/ids';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { z } from 'zod';

export const SessionId = z.uuidv7().brand('SessionId');
export type SessionId = z.infer<typeof SessionId>;

/** A signed-in browser. Of its token only the SHA-256 is kept. */
@Entity('sessions')
@Index('sessions_token_hash', ['tokenHash'], { unique: true })
@Index('sessions_previous_token_hash', ['previousTokenHash'], { unique: true })
@Index('sessions_user', ['userId'])
export class SessionEntity {
  @PrimaryColumn('uuid')
  id!: SessionId;

  @Column('uuid')
  userId!: UserId;

  /** By which its person recognises the browser. */
  @Column('text', { default: '' })
  label!: string;

  @Column('bytea')
  tokenHash!: Buffer;

  @Column('timestamptz')
  rotatedAt!: Date;

  /** The token before the last rotation. */
  @Column('bytea', { nullable: true })
  previousTokenHash!: Buffer | null;

  /** Null until the new token was seen: the answer that carried it may be lost, and then the one before goes on. */
  @Column('timestamptz', { nullable: true })
  previousValidUntil!: Date | null;

  @Column('timestamptz')
  expiresAt!: Date;

  /** When its person last showed again who they are. */
  @Column('timestamptz', { nullable: true })
  steppedUpAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
