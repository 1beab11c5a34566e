import { cpus } from 'node:os';

/** Since the machine's start, over all cores, in ms. */
export interface CpuTimes {
  idle: number;
  total: number;
}

export function cpuTimes(): CpuTimes {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, each) => sum + each.idle, 0);
  const total = times.reduce((sum, each) => sum + each.idle + each.user + each.sys + each.nice + each.irq, 0);
  return { idle, total };
}

/** The share of the machine that was idle between two looks, in whole percent. */
export function idlePercent(before: CpuTimes, after: CpuTimes): number {
  const total = after.total - before.total;
  return total <= 0 ? 100 : Math.round((100 * (after.idle - before.idle)) / total);
}
