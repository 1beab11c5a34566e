import { describe, expect, it } from 'vitest';
import { RateGuard } from './rate-guard.ts';

describe('the rate of one socket', () => {
  it('is allowed, too many, abuse', async () => {
    const guard = new RateGuard();
    const verdicts: string[] = [];
    for (let i = 0; i < 301; i += 1) verdicts.push((await guard.take('socket')).verdict);
    expect(verdicts.indexOf('too-many')).toBe(50);
    expect(verdicts.indexOf('abuse')).toBe(300);
    expect((await guard.take('another')).verdict).toBe('allowed');
  });

  it('says when to come back', async () => {
    const guard = new RateGuard();
    for (let i = 0; i < 50; i += 1) await guard.take('socket');
    const refused = await guard.take('socket');
    const seconds = refused.verdict === 'too-many' ? refused.retryAfterSeconds : 0;
    expect([9, 10]).toContain(seconds);
  });

  it('forgets whoever went', async () => {
    const guard = new RateGuard();
    for (let i = 0; i < 60; i += 1) await guard.take('socket');
    await guard.forget('socket');
    expect((await guard.take('socket')).verdict).toBe('allowed');
  });
});
