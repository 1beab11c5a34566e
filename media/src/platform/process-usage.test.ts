import { expect, it } from 'vitest';
import { parseStat, processUsage } from './process-usage.ts';

it('reads past a name with brackets', () => {
  const line = `42 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 1 0 100 9999 25 ${'0 '.repeat(28)}`;
  expect(parseStat(line)).toEqual({ cpuSeconds: 2, residentBytes: 25 * 4_096 });
});

it('knows this very process', async () => {
  const usage = await processUsage(process.pid);
  expect(usage?.cpuSeconds).toBeGreaterThan(0);
  expect(usage?.residentBytes).toBeGreaterThan(10_000_000);
});

it('has nothing to say of one that is gone', async () => expect(await processUsage(2 ** 22 + 1)).toBeNull());
