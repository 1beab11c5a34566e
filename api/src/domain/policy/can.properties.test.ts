import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, ruleOf } from './actions.ts';
import { type Actor, can, couldEver, type Resource } from './can.ts';
import { type Grant, isAdministrator, isValid, refuseGrant } from './grants.ts';

const NOW = 1_000_000_000;
const actions = Object.keys(ACTIONS) as Action[];

/** A tree of two roots, three levels deep. */
const paths = ['00001', '00002'].flatMap((top) =>
  ['', '00003', '00004', '0000300005', '0000300006'].map((below) => `${top}${below}`),
);
const anyPath = fc.constantFrom(...paths);
const anyRole = fc.constantFrom<Grant['role'][]>(
  ...(['lecturer', 'tutor', 'curator', 'administrator', 'auditor', 'platform-administrator'] as const),
);
const anyGrant: fc.Arbitrary<Grant> = fc.record({
  role: anyRole,
  path: anyPath,
  validFromMs: fc.constantFrom(0, NOW, NOW + 1),
  validToMs: fc.constantFrom(null, NOW, NOW + 1),
});
const anyActor: fc.Arbitrary<Actor> = fc.record({
  userId: fc.constantFrom('me', 'you'),
  grants: fc.array(anyGrant, { maxLength: 4 }),
  steppedUpAtMs: fc.constantFrom(null, NOW - 1_000),
});
const anyResource: fc.Arbitrary<Resource> = fc.record(
  { ownerId: fc.constantFrom('me', 'you'), orgPath: anyPath, agreedBy: fc.constantFrom('me', 'you') },
  { requiredKeys: [] },
);
const anyAction = fc.constantFrom(...actions);
const isAllowed = (actor: Actor | null, action: Action, resource: Resource): boolean =>
  can(actor, action, resource, NOW).allowed;

describe('for every action, person and thing', () => {
  it('more roles never allow less', () =>
    fc.assert(
      fc.property(anyActor, anyGrant, anyAction, anyResource, (actor, more, action, resource) => {
        const richer = { ...actor, grants: [...actor.grants, more] };
        expect(isAllowed(richer, action, resource) || !isAllowed(actor, action, resource)).toBe(true);
      }),
    ));

  it('a role before its time, or after its end, is none', () =>
    fc.assert(
      fc.property(anyActor, anyAction, anyResource, (actor, action, resource) => {
        const now = { ...actor, grants: actor.grants.filter((grant) => isValid(grant, NOW)) };
        expect(can(actor, action, resource, NOW)).toEqual(can(now, action, resource, NOW));
      }),
    ));

  it('a role reaches neither above nor beside its organisation', () =>
    fc.assert(
      fc.property(anyActor, anyAction, anyPath, (actor, action, orgPath) => {
        fc.pre(ruleOf(action).scope === 'subtree' && isAllowed(actor, action, { orgPath, agreedBy: 'who' }));
        const there = actor.grants.some(
          ({ role, path }) => role === 'platform-administrator' || orgPath.startsWith(path),
        );
        expect(there).toBe(true);
      }),
    ));

  it('an auditor changes nothing that a resident could not', () =>
    fc.assert(
      fc.property(anyActor, anyAction, anyResource, (actor, action, resource) => {
        fc.pre(ruleOf(action).reads !== true);
        const rest = { ...actor, grants: actor.grants.filter(({ role }) => role !== 'auditor') };
        expect(isAllowed(actor, action, resource)).toBe(isAllowed(rest, action, resource));
      }),
    ));

  it('who is refused before the thing is known is refused with it', () =>
    fc.assert(
      fc.property(
        fc.option(anyActor, { nil: null }),
        anyAction,
        anyResource,
        (actor, action, resource) =>
          couldEver(actor, action, NOW).allowed || !isAllowed(actor, action, resource),
      ),
    ));
});

describe('for every granter, role and place', () => {
  it('nobody gives anything to themselves, or without being an administrator there', () =>
    fc.assert(
      fc.property(anyActor, anyRole, anyPath, fc.constantFrom('me', 'you'), (granter, role, path, userId) => {
        if (refuseGrant(granter, { userId, role, path }, NOW) !== null) return;
        expect(userId).not.toBe(granter.userId);
        const offices = granter.grants.filter((grant) => isAdministrator(grant.role) && isValid(grant, NOW));
        const reach = offices.filter(
          (office) => office.role === 'platform-administrator' || path.startsWith(office.path),
        );
        expect(reach.length).toBeGreaterThan(0);
        if (role === 'platform-administrator')
          expect(reach.some((office) => office.role === role)).toBe(true);
      }),
    ));
});
