import type { Role } from '@yike/contracts/http/accounts';
import { depthOf, isWithin } from '../organisations/paths.ts';

/** Roles that somebody gives; that of a resident comes with the account. */
export type GrantedRole = Exclude<Role, 'resident'>;

/** A role of a person at an organisation and all below it, for a time. */
export interface Grant {
  readonly role: GrantedRole;
  /** Of the organisation: the labels of its ancestors and its own, so that everything below begins with it. */
  readonly path: string;
  readonly validFromMs: number;
  /** Null: without an end. */
  readonly validToMs: number | null;
}

/** Above: may do more. Nobody grants what stands above their own. */
const RANKS: Readonly<Record<GrantedRole, number>> = {
  lecturer: 1,
  tutor: 1,
  curator: 2,
  auditor: 2,
  administrator: 3,
  'platform-administrator': 4,
};

/** From its beginning until just before its end. */
export const isValid = ({ validFromMs, validToMs }: Grant, nowMs: number): boolean =>
  validFromMs <= nowMs && (validToMs === null || nowMs < validToMs);

/** The platform administrator's place is the whole house; any other's is the organisation and what is below it. */
export const covers = ({ role, path }: Pick<Grant, 'role' | 'path'>, wanted: string): boolean =>
  role === 'platform-administrator' || (path !== '' && isWithin(wanted, path));

/** What a person is now, besides a resident. */
export function rolesOf(grants: readonly Grant[], nowMs: number): Role[] {
  const held = grants.filter((grant) => isValid(grant, nowMs)).map(({ role }) => role);
  return ['resident', ...new Set(held)];
}

/** Where somebody works as what they are: at home where the role reaches it, else where it was given. */
export function placeOfWork<P extends Pick<Grant, 'path'>>(
  role: GrantedRole,
  grants: readonly (Grant & P)[],
  home: P,
  nowMs: number,
): P {
  const held = grants.filter((grant) => grant.role === role && isValid(grant, nowMs));
  return held.some((grant) => covers(grant, home.path)) ? home : (held[0] ?? home);
}

/** A role that is to be given, and to whom. */
export interface WantedGrant {
  readonly userId: string;
  readonly role: GrantedRole;
  readonly path: string;
}

export type GrantRefusal = 'to-oneself' | 'above-own' | 'outside-of-subtree' | 'not-at-the-top';

/**
 * Whether this person may give this role, or take it away: an administrator of that place, or of one above it, no role above their own, and
 * nothing to themselves; the platform administrator's only at the top of a tree. Null: they may.
 */
export function refuseGrant(
  granter: { readonly userId: string; readonly grants: readonly Grant[] },
  { userId, role, path }: WantedGrant,
  nowMs: number,
): GrantRefusal | null {
  if (granter.userId === userId) return 'to-oneself';
  if (role === 'platform-administrator' && depthOf(path) > 1) return 'not-at-the-top';
  const offices = granter.grants.filter((grant) => isAdministrator(grant.role) && isValid(grant, nowMs));
  const there = offices.filter((grant) => covers(grant, path));
  if (there.length === 0) return 'outside-of-subtree';
  return there.some((grant) => RANKS[role] <= RANKS[grant.role]) ? null : 'above-own';
}

/** Roles that govern people: two of those who may must agree before somebody gets one. */
export const isAdministrator = (role: Role): boolean =>
  role === 'administrator' || role === 'platform-administrator';
