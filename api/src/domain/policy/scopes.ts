import { type Action, ruleOf } from './actions.ts';
import type { Actor } from './can.ts';
import { isValid } from './grants.ts';

/** The path below which all organisations stand. */
const WHOLE_HOUSE = '';

/**
 * The parts of the tree in which this person has a role that the action asks for, for lists that show only what is theirs to see. Parts may lie
 * within each other; an empty path is the whole house.
 */
export function scopesFor(actor: Actor, action: Action, nowMs: number): string[] {
  const { by = [] } = ruleOf(action);
  const held = actor.grants.filter((grant) => by.includes(grant.role) && isValid(grant, nowMs));
  if (held.some(({ role }) => role === 'platform-administrator')) return [WHOLE_HOUSE];
  return [...new Set(held.map(({ path }) => path))].filter((path) => path !== WHOLE_HOUSE);
}
