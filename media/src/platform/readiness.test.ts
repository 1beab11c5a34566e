import { expect, it } from 'vitest';
import { ask, assess } from './readiness.ts';

const up = { name: 'a', isNeeded: true, isUp: true, ms: 1 };
const down = (isNeeded: boolean) => ({ name: 'b', isNeeded, isUp: false, ms: 1, reason: 'gone' });

it.each([
  { name: 'all up', checks: [up], status: 'ready' },
  { name: 'a wish is down', checks: [up, down(false)], status: 'degraded' },
  { name: 'a need is down', checks: [up, down(true)], status: 'not-ready' },
  { name: 'both are down', checks: [down(false), down(true)], status: 'not-ready' },
])('$name: $status', ({ checks, status }) => expect(assess(checks).status).toBe(status));

it.each([
  { name: 'gone', check: () => Promise.reject(new Error('refused')), reason: 'refused' },
  { name: 'silent', check: () => new Promise(() => undefined), reason: 'no answer within 2000 ms' },
])('$name says why', async ({ name, check, reason }) => {
  expect(await ask({ name, isNeeded: true, check })).toMatchObject({ name, isUp: false, reason });
});
