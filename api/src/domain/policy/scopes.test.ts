import { expect, it } from 'vitest';
import type { Grant, GrantedRole } from './grants.ts';
import { scopesFor } from './scopes.ts';

const grant = (role: GrantedRole, path: string, validToMs: number | null = null): Grant => ({
  ...{ role, path, validToMs },
  validFromMs: 0,
});

it.each([
  { name: 'nothing without a role', grants: [], scopes: [] },
  { name: 'nothing by another role', grants: [grant('lecturer', '00001')], scopes: [] },
  { name: 'what the role is for', grants: [grant('auditor', '00001')], scopes: ['00001'] },
  {
    name: 'each part once',
    grants: [grant('auditor', '00001'), grant('curator', '00001'), grant('administrator', '00002')],
    scopes: ['00001', '00002'],
  },
  { name: 'nothing by what is over', grants: [grant('auditor', '00001', 1_000)], scopes: [] },
  {
    name: 'the whole house',
    grants: [grant('platform-administrator', '00001'), grant('auditor', '00002')],
    scopes: [''],
  },
])('$name', ({ grants, scopes }) => {
  const actor = { userId: 'somebody', grants, steppedUpAtMs: null };
  expect(scopesFor(actor, 'organisation.list', 1_000)).toEqual(scopes);
});
