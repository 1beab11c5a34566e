import type { IntervalMs } from '@yike/contracts/time';

/** A half-open interval [from, to) of integer milliseconds, on a timeline or on the server's clock. */
export type Interval = Readonly<IntervalMs>;

/**
 * Sorted, disjoint, not touching, none empty: the one form of a set of milliseconds. Every function here returns it, and
 * all but {@link unite} expect it; they take time linear in their input.
 */
export type IntervalSet = readonly Interval[];

/**
 * The set that covers what any of the intervals covers, in whatever order they come.
 * @param closeHolesMs holes up to this length are covered too, 0 for none: sums of rounded durations leave some of a millisecond
 */
export function unite(intervals: Iterable<Interval>, closeHolesMs = 0): IntervalSet {
  const sorted = [...intervals].filter(isNotEmpty).sort((a, b) => a.fromMs - b.fromMs);
  const united: Interval[] = [];
  for (const next of sorted) append(united, next, closeHolesMs);
  return united;
}

/** What either covers. */
export function union(a: IntervalSet, b: IntervalSet): IntervalSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const either: Interval[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const one = a[i];
    const other = b[j];
    if (one !== undefined && (other === undefined || one.fromMs <= other.fromMs)) {
      append(either, one, 0);
      i += 1;
    } else if (other !== undefined) {
      append(either, other, 0);
      j += 1;
    } else {
      return either;
    }
  }
}

/** What both cover. */
export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  const common: Interval[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const one = a[i];
    const other = b[j];
    if (one === undefined || other === undefined) return common;
    const both = { fromMs: Math.max(one.fromMs, other.fromMs), toMs: Math.min(one.toMs, other.toMs) };
    if (isNotEmpty(both)) common.push(both);
    if (one.toMs <= other.toMs) i += 1;
    else j += 1;
  }
}

/** What `a` covers and `b` does not. */
export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  const rest: Interval[] = [];
  let j = 0;
  for (const { fromMs, toMs } of a) {
    let restMs = fromMs;
    for (let hole = b[j]; hole !== undefined && hole.fromMs < toMs; hole = b[++j]) {
      if (hole.fromMs > restMs) rest.push({ fromMs: restMs, toMs: hole.fromMs });
      restMs = Math.max(restMs, hole.toMs);
      if (hole.toMs > toMs) break; // It may reach into the next interval of `a` too.
    }
    if (restMs < toMs) rest.push({ fromMs: restMs, toMs });
  }
  return rest;
}

/** The sum of the lengths, in milliseconds. */
export const lengthMs = (set: IntervalSet): number =>
  set.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

export const shift = (set: IntervalSet, byMs: number): IntervalSet =>
  set.map(({ fromMs, toMs }) => ({ fromMs: fromMs + byMs, toMs: toMs + byMs }));

/** Each interval grown at both ends. */
export const widen = (set: IntervalSet, byMs: number): IntervalSet =>
  unite(set.map(({ fromMs, toMs }) => ({ fromMs: fromMs - byMs, toMs: toMs + byMs })));

/** The smallest single interval around the set; null around nothing. */
export function hull(set: IntervalSet): Interval | null {
  const first = set[0];
  const last = set.at(-1);
  return first === undefined || last === undefined ? null : { fromMs: first.fromMs, toMs: last.toMs };
}

/** The first `budgetMs` milliseconds of the set. */
export function takeFirst(set: IntervalSet, budgetMs: number): IntervalSet {
  const taken: Interval[] = [];
  let leftMs = budgetMs;
  for (const { fromMs, toMs } of set) {
    if (leftMs <= 0) break;
    taken.push({ fromMs, toMs: Math.min(toMs, fromMs + leftMs) });
    leftMs -= toMs - fromMs;
  }
  return taken;
}

/** Whole numbers that arithmetic keeps exact, and a length above zero. */
export const isInterval = ({ fromMs, toMs }: Interval): boolean =>
  Number.isSafeInteger(fromMs) && Number.isSafeInteger(toMs) && fromMs < toMs;

/** As PostgreSQL writes an `int8multirange`: `{[0,4000),[5000,6000)}`. */
export const printIntervals = (set: readonly Interval[]): string =>
  `{${set.map(({ fromMs, toMs }) => `[${fromMs},${toMs})`).join(',')}}`;

/** @throws {RangeError} for what PostgreSQL would not write for a bounded `int8multirange` */
export function parseIntervals(text: string): IntervalSet {
  if (!/^\{(?:\[-?\d+,-?\d+\)(?:,(?!\}))?)*\}$/.test(text))
    throw new RangeError(`not an int8multirange: ${text}`);
  const bounds = text.matchAll(/\[(-?\d+),(-?\d+)\)/g);
  return Array.from(bounds, ([, from, to]) => ({ fromMs: Number(from), toMs: Number(to) }));
}

const isNotEmpty = ({ fromMs, toMs }: Interval): boolean => fromMs < toMs;

/** Adds an interval that begins no earlier than the last one. */
function append(set: Interval[], next: Interval, closeHolesMs: number): void {
  const last = set.at(-1);
  if (last === undefined || next.fromMs > last.toMs + closeHolesMs) set.push(next);
  else if (next.toMs > last.toMs) set[set.length - 1] = { fromMs: last.fromMs, toMs: next.toMs };
}
