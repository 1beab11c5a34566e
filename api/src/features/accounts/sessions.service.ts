import { Injectable } from '@nestjs/common';
import type { UserId } from '@yike/contracts/ids';
import { Clock } from '../../platform/clock.ts';
import { hashToken, randomToken } from '../../platform/crypto/secrets.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import {
  type AuthenticatedSession,
  SessionAuthenticator,
} from '../../platform/security/session-authenticator.ts';
import { type SessionEntity, SessionId } from './session.entity.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { signedInUser } from './signed-in-user.ts';

const LIFETIME_MS = 30 * 86_400_000;
const ROTATE_AFTER_MS = 86_400_000;
/** Requests that were under way during a rotation still carry the token before it. */
const GRACE_MS = 60_000;
const TOKEN = /^[\w-]{43}$/;

/** Opaque session tokens: 30 days from their last rotation, which comes every 24 hours of use and at each sign-in. */
@Injectable()
export class SessionsService extends SessionAuthenticator {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super();
  }

  /** Begins a session and ends the one that the browser had; returns the token for its cookie. */
  begin(userId: UserId, replacedToken: string | undefined): Promise<string> {
    const token = randomToken();
    const now = this.clock.now();
    return this.unitOfWork.run(async (tx) => {
      if (replacedToken !== undefined) await this.sessions.deleteByTokenHash(hashToken(replacedToken), tx);
      await this.sessions.deleteExpired(userId, now, tx);
      await this.sessions.insert(
        {
          id: this.ids.next(SessionId),
          userId,
          tokenHash: hashToken(token),
          rotatedAt: now,
          previousTokenHash: null,
          previousValidUntil: null,
          expiresAt: new Date(now.getTime() + LIFETIME_MS),
        },
        tx,
      );
      return token;
    });
  }

  async end(sessionId: string): Promise<void> {
    await this.sessions.deleteById(sessionId, this.unitOfWork.reader);
  }

  async authenticate(token: string, mayRotate: boolean): Promise<AuthenticatedSession | null> {
    if (!TOKEN.test(token)) return null;
    const now = this.clock.now();
    const found = await this.sessions.byTokenHash(hashToken(token), now, this.unitOfWork.reader);
    if (found === null) return null;
    const isDue = now.getTime() - found.session.rotatedAt.getTime() >= ROTATE_AFTER_MS;
    const newToken = mayRotate && isDue ? await this.rotate(found.session, now) : null;
    return { user: signedInUser(found.user, found.session.id), newToken };
  }

  private async rotate(session: SessionEntity, now: Date): Promise<string | null> {
    const token = randomToken();
    const rotated = await this.sessions.rotate(
      session,
      {
        tokenHash: hashToken(token),
        rotatedAt: now,
        previousValidUntil: new Date(now.getTime() + GRACE_MS),
        expiresAt: new Date(now.getTime() + LIFETIME_MS),
      },
      this.unitOfWork.reader,
    );
    return rotated ? token : null;
  }
}
