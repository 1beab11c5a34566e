import { describe, expect, it } from 'vitest';
import { assess, ReadinessChecks } from './readiness.ts';

const up = { name: 'a', isNeeded: true, isUp: true, ms: 1 };
const down = (isNeeded: boolean) => ({ name: 'b', isNeeded, isUp: false, ms: 1, reason: 'gone' });

describe('readiness', () => {
  it.each([
    { name: 'nothing to check', checks: [], status: 'ready' },
    { name: 'all up', checks: [up], status: 'ready' },
    { name: 'a wish is down', checks: [up, down(false)], status: 'degraded' },
    { name: 'a need is down', checks: [up, down(true)], status: 'not-ready' },
    { name: 'both are down', checks: [down(false), down(true)], status: 'not-ready' },
  ])('$name: $status', ({ checks, status }) => expect(assess(checks).status).toBe(status));

  it('says the reason, and waits for nobody', async () => {
    const checks = new ReadinessChecks();
    checks.add({ name: 'here', isNeeded: true, check: () => Promise.resolve() });
    checks.add({ name: 'gone', isNeeded: false, check: () => Promise.reject(new Error('refused')) });
    checks.add({ name: 'silent', isNeeded: true, check: () => new Promise(() => undefined) });
    expect(await checks.run()).toMatchObject({
      status: 'not-ready',
      checks: [
        { name: 'here', isUp: true },
        { name: 'gone', isUp: false, reason: 'refused' },
        { name: 'silent', isUp: false, reason: 'no answer within 2000 ms' },
      ],
    });
  });
});
