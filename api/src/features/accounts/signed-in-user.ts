import type { SignedInUser } from '../../platform/security/audience.ts';
import type { UserEntity } from './user.entity.ts';

export const signedInUser = (
  { id, displayName, roles, locale, elderMode }: UserEntity,
  sessionId: string,
): SignedInUser => ({ id, sessionId, displayName, roles, locale, elderMode });
