import type { Role } from '@yike/contracts/http/accounts';
import type { GrantedRole } from '@yike/contracts/http/roles';

const BELOW: readonly GrantedRole[] = ['lecturer', 'tutor', 'curator', 'auditor'];

/** The roles that somebody with these may give: none above their own. The API decides. */
export function rolesToGive(roles: readonly Role[]): readonly GrantedRole[] {
  if (roles.includes('platform-administrator')) return [...BELOW, 'administrator', 'platform-administrator'];
  return roles.includes('administrator') ? [...BELOW, 'administrator'] : [];
}
