import { readdirSync, readFileSync } from 'node:fs';

/** Pids of the running children (and theirs) of a process whose command line has the word, ffmpeg's for instance. */
export function descendants(pid: number, word: string): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)));
  }
  const isBelow = (each: number): boolean => {
    for (let up = parents.get(each); up !== undefined && up > 1; up = parents.get(up)) {
      if (up === pid) return true;
    }
    return false;
  };
  return [...parents.keys()].filter((each) => isBelow(each) && commandOf(each).includes(word));
}

/** The command line, words parted by blanks; empty where the process is gone. */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

function parentOf(pid: number): number {
  // pid (name) state ppid …; the name may hold blanks and brackets.
  return Number(read(`/proc/${pid}/stat`).replace(/^.*\)/s, '').trim().split(' ')[1]);
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
