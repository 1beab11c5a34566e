import type { Me } from '@yike/contracts/http/accounts';
import { isValid, rolesOf } from '../../domain/policy/grants.ts';
import type { PersonRow } from './person-row.ts';

/** What the portal shows a person of themselves. */
export function meOf(person: PersonRow, nowMs: number): Me {
  const { id, displayName, locale, elderMode } = person;
  const grants = person.grants
    .filter((grant) => isValid(grant, nowMs))
    .map(({ role, orgUnitId, orgUnitName, validToMs }) => ({
      role,
      orgUnitId,
      orgUnitName,
      validTo: validToMs === null ? null : new Date(validToMs).toISOString(),
    }));
  return { id, displayName, roles: rolesOf(person.grants, nowMs), grants, locale, elderMode };
}
