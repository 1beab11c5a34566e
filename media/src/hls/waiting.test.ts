import { describe, expect, it } from 'vitest';
import { Waiting } from './waiting.ts';

const STAYS = new AbortController().signal;

describe('waiting', () => {
  it('ends for all whose wish is met by a change, and for no others', async () => {
    const waiting = new Waiting();
    let parts = 0;
    const first = waiting.until(() => parts >= 1, 60_000, STAYS);
    const second = waiting.until(() => parts >= 2, 60_000, STAYS);
    parts = 1;
    waiting.changed();
    expect(await first).toBe('met');
    expect(waiting.size).toBe(1);
    parts = 2;
    waiting.changed();
    expect(await second).toBe('met');
  });

  it.each([
    { name: 'what is there already', outcome: 'met', isMet: true },
    { name: 'time is over', outcome: 'late', withinMs: 1 },
    { name: 'too many wait', outcome: 'full', max: 0 },
    { name: 'the one who asks has gone before', outcome: 'gone', gone: AbortSignal.abort() },
    { name: 'the one who asks goes', outcome: 'gone', gone: AbortSignal.timeout(5) },
  ])('$name: $outcome', async ({ outcome, isMet = false, withinMs = 60_000, max = 9, gone = STAYS }) => {
    const waiting = new Waiting(max);
    expect(await waiting.until(() => isMet, withinMs, gone)).toBe(outcome);
    expect(waiting.size).toBe(0);
  });

  it('ends for all when the process goes down', async () => {
    const waiting = new Waiting();
    const waiter = waiting.until(() => false, 60_000, STAYS);
    waiting.close();
    expect(await waiter).toBe('late');
  });
});
