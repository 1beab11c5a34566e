import type { Role } from '@yike/contracts/http/accounts';
import { type Action, ruleOf, type Rule } from './actions.ts';
import { covers, type Grant, isValid } from './grants.ts';

/** How long a second proof of who one is lasts. */
export const STEP_UP_LASTS_MS = 10 * 60_000;

/** Whoever wants to do something. */
export interface Actor {
  readonly userId: string;
  readonly grants: readonly Grant[];
  /** When they last proved again who they are. */
  readonly steppedUpAtMs: number | null;
}

/** What it is to be done to, as far as that decides. */
export interface Resource {
  readonly ownerId?: string;
  /** The path of its organisation. */
  readonly orgPath?: string;
  /** Who has agreed, of those who may. */
  readonly agreedBy?: string;
}

export type Refusal = 'not-signed-in' | 'forbidden' | 'step-up-needed' | 'needs-second-person';

export type Decision =
  | {
      readonly allowed: true;
      /** The role that made it so; the narrowest that does. Null where none was needed. */
      readonly as: Role | null;
    }
  | { readonly allowed: false; readonly reason: Refusal };

const refuse = (reason: Refusal): Decision => ({ allowed: false, reason });

/** Whether this person may do this to that, now. */
export function can(actor: Actor | null, action: Action, resource: Resource, nowMs: number): Decision {
  return decide(actor, action, nowMs, (grant, rule) => reaches(actor, grant, rule, resource), resource);
}

/**
 * Whether there may be anything that this person could do this to: what is known before the thing itself is looked at. Who is refused here is
 * refused by {@link can} whatever the resource.
 */
export function couldEver(actor: Actor | null, action: Action, nowMs: number): Decision {
  return decide(actor, action, nowMs, () => true, null);
}

/** A node proves itself by its signature, which is looked at elsewhere: no person ever passes for one. */
function decide(
  actor: Actor | null,
  action: Action,
  nowMs: number,
  reachesIt: (grant: Grant | null, rule: Rule) => boolean,
  resource: Resource | null,
): Decision {
  const rule = ruleOf(action);
  if (rule.scope === 'node') return refuse('forbidden');
  if (rule.scope === 'anyone') return { allowed: true, as: null };
  if (actor === null) return refuse('not-signed-in');
  const role = roleFor(actor, rule, nowMs, reachesIt);
  if (role === undefined) return refuse('forbidden');
  if (rule.stepUp && !hasSteppedUp(actor, nowMs)) return refuse('step-up-needed');
  if (rule.twoPeople && resource !== null && !isAgreed(actor, resource)) return refuse('needs-second-person');
  return { allowed: true, as: role };
}

/** Null where no role is needed, undefined where a needed one is not there. */
function roleFor(
  actor: Actor,
  rule: Rule,
  nowMs: number,
  reachesIt: (grant: Grant | null, rule: Rule) => boolean,
): Role | null | undefined {
  if (rule.by === undefined) return reachesIt(null, rule) ? null : undefined;
  const { by } = rule;
  return actor.grants
    .filter((grant) => by.includes(grant.role) && isValid(grant, nowMs) && reachesIt(grant, rule))
    .toSorted((a, b) => b.path.length - a.path.length)
    .at(0)?.role;
}

function reaches(
  actor: Actor | null,
  grant: Grant | null,
  { scope }: Rule,
  { ownerId, orgPath }: Resource,
): boolean {
  if (scope === 'own') return ownerId !== undefined && ownerId === actor?.userId;
  if (scope === 'subtree') return grant !== null && orgPath !== undefined && covers(grant, orgPath);
  return true;
}

const hasSteppedUp = ({ steppedUpAtMs }: Actor, nowMs: number): boolean =>
  steppedUpAtMs !== null && steppedUpAtMs <= nowMs && nowMs - steppedUpAtMs < STEP_UP_LASTS_MS;

const isAgreed = ({ userId }: Actor, { agreedBy }: Resource): boolean =>
  agreedBy !== undefined && agreedBy !== userId;
