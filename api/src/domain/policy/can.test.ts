import { describe, expect, it } from 'vitest';
import { type Actor, can, couldEver, type Refusal, STEP_UP_LASTS_MS } from './can.ts';
import type { Action } from './actions.ts';
import type { Grant } from './grants.ts';

const NOW = 1_000_000_000;
const STREET = '0000100002';
const COMMUNITY = '000010000200003';

const grant = (role: Grant['role'], path: string): Grant => ({ role, path, validFromMs: 0, validToMs: null });
const person = (grants: Grant[] = [], steppedUpAtMs: number | null = null): Actor => ({
  ...{ userId: 'me', grants, steppedUpAtMs },
});
const outcome = (decision: ReturnType<typeof can>): Refusal | 'allowed' =>
  decision.allowed ? 'allowed' : decision.reason;

describe('without a resource that matters', () => {
  it.each([
    { action: 'lecture.list', actor: null, is: 'allowed' },
    { action: 'playback.open', actor: null, is: 'not-signed-in' },
    { action: 'playback.open', actor: person(), is: 'allowed' },
    { action: 'lecture.list-mine', actor: person(), is: 'forbidden' },
    { action: 'lecture.list-mine', actor: person([grant('lecturer', STREET)]), is: 'allowed' },
    { action: 'ledger.check', actor: person([grant('administrator', STREET)]), is: 'forbidden' },
    { action: 'ledger.check', actor: person([grant('platform-administrator', STREET)]), is: 'allowed' },
    { action: 'node.report', actor: person([grant('platform-administrator', STREET)]), is: 'forbidden' },
  ] as const)('$action: $is', ({ action, actor, is }) =>
    expect(outcome(can(actor, action, {}, NOW))).toBe(is),
  );
});

describe('what is one’s own', () => {
  const lecturer = person([grant('lecturer', STREET)]);
  it.each([
    { name: 'one’s own', actor: lecturer, resource: { ownerId: 'me' }, is: 'allowed' },
    { name: 'another’s', actor: lecturer, resource: { ownerId: 'you' }, is: 'forbidden' },
    { name: 'nobody’s', actor: lecturer, resource: {}, is: 'forbidden' },
    { name: 'one’s own without the role', actor: person(), resource: { ownerId: 'me' }, is: 'forbidden' },
    { name: 'a stranger’s wish', actor: null, resource: { ownerId: 'me' }, is: 'not-signed-in' },
  ])('$name: $is', ({ actor, resource, is }) =>
    expect(outcome(can(actor, 'lecture.change', resource, NOW))).toBe(is),
  );
});

describe('what is an organisation’s', () => {
  it.each([
    { name: 'in the own one', orgPath: STREET, is: 'allowed' },
    { name: 'below', orgPath: COMMUNITY, is: 'allowed' },
    { name: 'above', orgPath: '00001', is: 'forbidden' },
    { name: 'beside', orgPath: '0000100009', is: 'forbidden' },
    { name: 'of none', orgPath: undefined, is: 'forbidden' },
  ])('$name: $is', ({ orgPath, is }) => {
    const resource = orgPath === undefined ? {} : { orgPath };
    expect(outcome(can(person([grant('curator', STREET)]), 'broadcast.stop', resource, NOW))).toBe(is);
  });

  it('is done by the narrowest role that may', () => {
    const both = person([grant('platform-administrator', '00001'), grant('curator', STREET)]);
    expect(can(both, 'broadcast.stop', { orgPath: COMMUNITY }, NOW)).toEqual({
      allowed: true,
      as: 'curator',
    });
    expect(can(both, 'broadcast.stop', { orgPath: '00001' }, NOW)).toEqual({
      ...{ allowed: true, as: 'platform-administrator' },
    });
  });
});

describe('who could ever', () => {
  const lecturer = person([grant('lecturer', STREET)]);
  it.each<{ action: Action; actor: Actor | null; is: string }>([
    { action: 'lecture.change', actor: lecturer, is: 'allowed' },
    { action: 'lecture.change', actor: person(), is: 'forbidden' },
    { action: 'broadcast.stop', actor: lecturer, is: 'forbidden' },
    { action: 'certificate.download', actor: person(), is: 'allowed' },
    { action: 'certificate.download', actor: null, is: 'not-signed-in' },
    { action: 'node.report', actor: lecturer, is: 'forbidden' },
  ])('$action: $is', ({ action, actor, is }) => expect(outcome(couldEver(actor, action, NOW))).toBe(is));
});

it('a second proof of who one is lasts ten minutes', () => expect(STEP_UP_LASTS_MS).toBe(600_000));
