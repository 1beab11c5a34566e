import { readFile } from 'node:fs/promises';

export interface ProcessUsage {
  /** User and system time since its start. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Linux tells times in hundredths of a second (USER_HZ) and memory in pages of 4 kB. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** What a process has used, from `/proc/<pid>/stat`; null where it is gone. */
export async function processUsage(pid: number): Promise<ProcessUsage | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : parseStat(text);
}

/** Fields are counted from behind the name, which may contain anything, brackets too (proc_pid_stat(5)). */
export function parseStat(text: string): ProcessUsage {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [userTicks = 0, systemTicks = 0] = fields.slice(11, 13).map(Number);
  return {
    cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND,
    residentBytes: Number(fields[21]) * PAGE_BYTES,
  };
}
