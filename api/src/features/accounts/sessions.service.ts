import { Injectable } from '@nestjs/common';
import type { OwnSession } from '@yike/contracts/http/sessions';
import type { UserId } from '@yike/contracts/ids';
import { NotFound } from '../../domain/domain-error.ts';
import { Clock } from '../../platform/clock.ts';
import { hashToken, randomToken } from '../../platform/crypto/secrets.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import { PortalSockets } from '../../platform/realtime/portal-sockets.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Revocations } from '../../platform/security/revocations.ts';
import {
  type AuthenticatedSession,
  SessionAuthenticator,
} from '../../platform/security/session-authenticator.ts';
import { type SessionEntity, SessionId } from './session.entity.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { browserLabel } from './browser-label.ts';
import { signedInUser } from './signed-in-user.ts';

const LIFETIME_MS = 30 * 86_400_000;
const ROTATE_AFTER_MS = 86_400_000;
/** Requests that were under way while the token changed still carry the one before. */
const GRACE_MS = 60_000;
const TOKEN = /^[\w-]{43}$/;

/** The browser that signs in. */
export interface SignInOrigin {
  /** Of the session that it had. */
  readonly token: string | undefined;
  readonly userAgent: string | undefined;
}

/** A person in one of their browsers. */
type Owner = Pick<SignedInUser, 'userId' | 'sessionId'>;

/** Opaque session tokens: 30 days from their last rotation, which comes every 24 hours of use and at each sign-in. */
@Injectable()
export class SessionsService extends SessionAuthenticator {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly sockets: PortalSockets,
    private readonly revocations: Revocations,
  ) {
    super();
  }

  /** Begins a session and ends the one that the browser had; returns the token for its cookie. */
  begin(userId: UserId, { token: replacedToken, userAgent }: SignInOrigin): Promise<string> {
    const token = randomToken();
    const now = this.clock.now();
    return this.unitOfWork.run(async (tx) => {
      if (replacedToken !== undefined) await this.sessions.deleteByTokenHash(hashToken(replacedToken), tx);
      await this.sessions.deleteExpired(userId, now, tx);
      await this.sessions.insert(
        {
          id: this.ids.next(SessionId),
          userId,
          label: browserLabel(userAgent),
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

  /** The present browser first, then by the last use. */
  async listOwn({ userId, sessionId }: Owner): Promise<OwnSession[]> {
    const sessions = await this.sessions.ofUser(userId, this.clock.now(), this.unitOfWork.reader);
    return sessions
      .map(({ id, label, createdAt, rotatedAt }) => ({
        id,
        label,
        isThisOne: id === sessionId,
        signedInAt: createdAt.toISOString(),
        lastSeenAt: rotatedAt.toISOString(),
      }))
      .sort((a, b) => Number(b.isThisOne) - Number(a.isThisOne));
  }

  async end(sessionId: string): Promise<void> {
    await this.sessions.deleteById(sessionId, this.unitOfWork.reader);
    this.forget(sessionId);
  }

  /** @throws NotFound for one that is somebody else's */
  async endOwn({ userId }: Owner, sessionId: string): Promise<void> {
    const ended = await this.sessions.deleteOfUser(userId, { only: sessionId }, this.unitOfWork.reader);
    if (ended.length === 0) throw new NotFound('there is no such session');
    this.forget(sessionId);
  }

  /** All of a person but the one that is kept. */
  async endOthers({ userId, sessionId }: Owner): Promise<void> {
    const ended = await this.sessions.deleteOfUser(userId, { except: sessionId }, this.unitOfWork.reader);
    for (const id of ended) this.forget(id);
  }

  /** All of a person, in a transaction. What it gives is to be called after the commit. */
  async endAll(userId: UserId, tx: Tx): Promise<() => void> {
    const ended = await this.sessions.deleteOfUser(userId, { except: null }, tx);
    return () => {
      for (const id of ended) this.forget(id);
    };
  }

  /** The person has shown again who they are. */
  async stepUp(sessionId: string): Promise<void> {
    await this.sessions.stepUp(sessionId, this.clock.now(), this.unitOfWork.reader);
  }

  private forget(sessionId: string): void {
    this.revocations.revoke(sessionId);
    this.sockets.endSession(sessionId);
  }

  async authenticate(token: string, mayRotate: boolean): Promise<AuthenticatedSession | null> {
    if (!TOKEN.test(token)) return null;
    const now = this.clock.now();
    const tokenHash = hashToken(token);
    const found = await this.sessions.byTokenHash(tokenHash, now, this.unitOfWork.reader);
    if (found === null) return null;
    const { session } = found;
    const isCurrent = session.tokenHash.equals(tokenHash);
    if (isCurrent) await this.retirePrevious(session, now);
    const isDue = isRotationDue(session, isCurrent, now.getTime());
    const newToken = mayRotate && isDue ? await this.rotate(session, tokenHash, now) : null;
    return { user: signedInUser(found.person, session, now.getTime()), newToken };
  }

  private async retirePrevious(session: SessionEntity, now: Date): Promise<void> {
    if (session.previousTokenHash === null || session.previousValidUntil !== null) return;
    const validUntil = new Date(now.getTime() + GRACE_MS);
    await this.sessions.retirePrevious(session, validUntil, this.unitOfWork.reader);
  }

  private async rotate(session: SessionEntity, presentedHash: Buffer, now: Date): Promise<string | null> {
    const token = randomToken();
    const rotation = {
      tokenHash: hashToken(token),
      previousTokenHash: presentedHash,
      rotatedAt: now,
      expiresAt: new Date(now.getTime() + LIFETIME_MS),
    };
    const isFirst = await this.sessions.rotate(session, rotation, this.unitOfWork.reader);
    return isFirst ? token : null;
  }
}

/** Once a day; and again after a minute where the new token was never seen, since the answer that carried it is lost. */
function isRotationDue(session: SessionEntity, isCurrent: boolean, nowMs: number): boolean {
  const ageMs = nowMs - session.rotatedAt.getTime();
  if (isCurrent) return ageMs >= ROTATE_AFTER_MS;
  return session.previousValidUntil === null && ageMs >= GRACE_MS;
}
