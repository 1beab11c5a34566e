import { rolesOf } from '../../domain/policy/grants.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import type { PersonRow } from './person-row.ts';
import type { SessionEntity } from './session.entity.ts';

export const signedInUser = (
  person: PersonRow,
  { id: sessionId, steppedUpAt }: Pick<SessionEntity, 'id' | 'steppedUpAt'>,
  nowMs: number,
): SignedInUser => ({
  ...person,
  userId: person.id,
  sessionId,
  roles: rolesOf(person.grants, nowMs),
  steppedUpAtMs: steppedUpAt?.getTime() ?? null,
});
