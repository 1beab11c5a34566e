import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used since its start, in user and kernel; 0 for one that is gone. */
export function cpuSeconds(pid: number): number {
  const { user, system } = times(pid);
  return (user + system) / TICKS_PER_SECOND;
}

/** The same of a process with all its children, also those that have ended. */
export function familyCpuSeconds(pid: number): number {
  const { user, system, endedChildren } = times(pid);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => times(Number(name)))
    .filter(({ parent }) => parent === pid);
  const living = children.reduce((sum, child) => sum + child.user + child.system, 0);
  return (user + system + endedChildren + living) / TICKS_PER_SECOND;
}

function times(pid: number): { parent: number; user: number; system: number; endedChildren: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
    return { parent, user, system, endedChildren: childUser + childSystem };
  } catch {
    return { parent: 0, user: 0, system: 0, endedChildren: 0 };
  }
}
