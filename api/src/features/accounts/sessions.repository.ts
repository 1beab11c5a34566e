import { Injectable } from '@nestjs/common';
import type { UserId } from '@yike/contracts/ids';
import { IsNull, MoreThan } from 'typeorm';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { SessionEntity, SessionId } from './session.entity.ts';
import { type PersonRow, personOf } from './person-row.ts';

export interface SessionOfUser {
  readonly session: SessionEntity;
  readonly person: PersonRow;
}

export type Rotation = Pick<SessionEntity, 'tokenHash' | 'previousTokenHash' | 'rotatedAt' | 'expiresAt'>;

@Injectable()
export class SessionsRepository {
  async insert(session: Omit<SessionEntity, 'createdAt' | 'steppedUpAt'>, tx: Tx): Promise<void> {
    await tx.insert(SessionEntity, session);
  }

  /** By its token, or by the one before it while that is still good. */
  async byTokenHash(tokenHash: Buffer, now: Date, tx: Tx): Promise<SessionOfUser | null> {
    const session = await tx
      .createQueryBuilder(SessionEntity, 'session')
      .where('session.token_hash = :tokenHash', { tokenHash })
      .orWhere(
        `(session.previous_token_hash = :tokenHash
          AND (session.previous_valid_until IS NULL OR session.previous_valid_until > :now))`,
        { now },
      )
      .getOne();
    if (session === null || session.expiresAt <= now) return null;
    const person = await personOf(session.userId, tx);
    return person && { session, person };
  }

  /** Gives it a new token in place of the current one; false where another request was first. */
  async rotate(session: SessionEntity, to: Rotation, tx: Tx): Promise<boolean> {
    const current = { id: session.id, tokenHash: session.tokenHash };
    const { affected } = await tx.update(SessionEntity, current, { ...to, previousValidUntil: null });
    return affected === 1;
  }

  /** The new token was seen: the one before ends then. */
  async retirePrevious(session: SessionEntity, validUntil: Date, tx: Tx): Promise<void> {
    const current = { id: session.id, tokenHash: session.tokenHash, previousValidUntil: IsNull() };
    await tx.update(SessionEntity, current, { previousValidUntil: validUntil });
  }

  async deleteById(id: string, tx: Tx): Promise<void> {
    await tx.delete(SessionEntity, { id });
  }

  /** By their last use. */
  ofUser(userId: UserId, now: Date, tx: Tx): Promise<SessionEntity[]> {
    return tx.find(SessionEntity, {
      where: { userId, expiresAt: MoreThan(now) },
      order: { rotatedAt: 'DESC', id: 'DESC' },
    });
  }

  /** One of a person's, all but one, or all; the ids of those that went. */
  async deleteOfUser(
    userId: UserId,
    which: { readonly only: string } | { readonly except: string | null },
    tx: Tx,
  ): Promise<string[]> {
    const [compare, id] = 'only' in which ? ['=', which.only] : ['IS DISTINCT FROM', which.except];
    const [rows] = await tx.query<[{ id: string }[], number]>(
      `DELETE FROM sessions WHERE user_id = $1 AND id ${compare} $2 RETURNING id`,
      [userId, id],
    );
    return rows.map((row) => row.id);
  }

  async stepUp(id: string, steppedUpAt: Date, tx: Tx): Promise<void> {
    await tx.update(SessionEntity, { id: SessionId.parse(id) }, { steppedUpAt });
  }

  async deleteByTokenHash(tokenHash: Buffer, tx: Tx): Promise<void> {
    await tx.delete(SessionEntity, { tokenHash });
  }

  async deleteExpired(userId: UserId, now: Date, tx: Tx): Promise<void> {
    await tx.query('DELETE FROM sessions WHERE user_id = $1 AND expires_at <= $2', [userId, now]);
  }
}
