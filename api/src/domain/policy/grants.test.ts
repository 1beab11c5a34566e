import { describe, expect, it } from 'vitest';
import { covers, type Grant, isValid, placeOfWork, refuseGrant, rolesOf } from './grants.ts';

const DISTRICT = '00001';
const STREET = '0000100002';
const COMMUNITY = '000010000200003';
const NEIGHBOUR = '0000100004';

const grant = (role: Grant['role'], path: string, more: Partial<Grant> = {}): Grant => ({
  ...{ role, path, validFromMs: 0, validToMs: null },
  ...more,
});

describe('a grant holds', () => {
  it.each([
    { name: 'not before its beginning', nowMs: 999, holds: false },
    { name: 'from its beginning', nowMs: 1_000, holds: true },
    { name: 'until just before its end', nowMs: 1_999, holds: true },
    { name: 'not at its end', nowMs: 2_000, holds: false },
  ])('$name', ({ nowMs, holds }) =>
    expect(isValid(grant('tutor', STREET, { validFromMs: 1_000, validToMs: 2_000 }), nowMs)).toBe(holds),
  );

  it('without an end for ever', () => expect(isValid(grant('tutor', STREET), 1e15)).toBe(true));
});

describe('a grant reaches', () => {
  it.each([
    { role: 'curator', of: STREET, reached: STREET, reaches: true },
    { role: 'curator', of: STREET, reached: COMMUNITY, reaches: true },
    { role: 'curator', of: STREET, reached: DISTRICT, reaches: false },
    { role: 'curator', of: STREET, reached: NEIGHBOUR, reaches: false },
    { role: 'curator', of: '', reached: DISTRICT, reaches: false },
    { role: 'platform-administrator', of: STREET, reached: DISTRICT, reaches: true },
    { role: 'platform-administrator', of: DISTRICT, reached: '00009', reaches: true },
  ] as const)('$role of $of at $reached: $reaches', ({ role, of, reached, reaches }) =>
    expect(covers({ role, path: of }, reached)).toBe(reaches),
  );
});

it('everybody is a resident, and each valid role once', () => {
  const grants = [
    grant('tutor', STREET),
    grant('tutor', DISTRICT),
    grant('auditor', DISTRICT, { validToMs: 5 }),
  ];
  expect(rolesOf(grants, 5)).toEqual(['resident', 'tutor']);
  expect(rolesOf([], 5)).toEqual(['resident']);
});

describe('the place of work', () => {
  const home = { path: COMMUNITY };
  it.each([
    { name: 'is home where the role reaches it', grants: [grant('lecturer', STREET)], at: COMMUNITY },
    { name: 'is where the role was given else', grants: [grant('lecturer', NEIGHBOUR)], at: NEIGHBOUR },
    { name: 'is home without the role', grants: [grant('tutor', NEIGHBOUR)], at: COMMUNITY },
    {
      name: 'is not where it has ended',
      grants: [grant('lecturer', NEIGHBOUR, { validToMs: 1 })],
      at: COMMUNITY,
    },
  ])('$name', ({ grants, at }) => expect(placeOfWork('lecturer', grants, home, 10).path).toBe(at));
});

describe('giving a role', () => {
  const granter = (...grants: Grant[]) => ({ userId: 'granter', grants });
  it.each([
    { name: 'in the own place', who: granter(grant('administrator', STREET)), refused: null },
    { name: 'below', who: granter(grant('administrator', DISTRICT)), refused: null },
    { name: 'above', who: granter(grant('administrator', COMMUNITY)), refused: 'outside-of-subtree' },
    { name: 'beside', who: granter(grant('administrator', NEIGHBOUR)), refused: 'outside-of-subtree' },
    { name: 'as a curator', who: granter(grant('curator', DISTRICT)), refused: 'outside-of-subtree' },
    {
      name: 'after the own has ended',
      who: granter(grant('administrator', STREET, { validToMs: 9 })),
      refused: 'outside-of-subtree',
    },
    {
      name: 'above the own',
      who: granter(grant('administrator', DISTRICT)),
      role: 'platform-administrator',
      path: DISTRICT,
      refused: 'above-own',
    },
    {
      name: 'like the own',
      who: granter(grant('administrator', STREET)),
      role: 'administrator',
      refused: null,
    },
    {
      name: 'of the whole house in one street',
      who: granter(grant('platform-administrator', DISTRICT)),
      role: 'platform-administrator',
      refused: 'not-at-the-top',
    },
    {
      name: 'to oneself',
      who: granter(grant('platform-administrator', DISTRICT)),
      userId: 'granter',
      refused: 'to-oneself',
    },
  ] as const)('$name: $refused', ({ who, refused, ...more }) =>
    expect(refuseGrant(who, { userId: 'somebody', role: 'tutor', path: STREET, ...more }, 10)).toBe(refused),
  );
});
