import type { SignedInUser } from './actor.ts';

export const SESSION_COOKIE = 'yike_session';

export interface AuthenticatedSession {
  readonly user: SignedInUser;
  /** Set when the cookie is to be replaced: the session's token was rotated just now. */
  readonly newToken: string | null;
}

/** Knows whose session a cookie is. The accounts feature provides it. */
export abstract class SessionAuthenticator {
  /** Null for a token that is unknown or has expired. `mayRotate` where a new cookie can be set. */
  abstract authenticate(token: string, mayRotate: boolean): Promise<AuthenticatedSession | null>;
}
