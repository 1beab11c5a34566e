import type { IntervalMs } from '@yike/contracts/time';

/** What of `whole` is in none of `seen`, in order. Intervals are half-open, in milliseconds, and may overlap. */
export function missingParts(whole: readonly IntervalMs[], seen: readonly IntervalMs[]): IntervalMs[] {
  const parts: IntervalMs[] = [];
  const ordered = seen.toSorted((a, b) => a.fromMs - b.fromMs);
  for (const { fromMs, toMs } of whole) {
    let reached = fromMs;
    for (const part of ordered) {
      if (part.fromMs >= toMs) break;
      if (part.fromMs > reached) parts.push({ fromMs: reached, toMs: part.fromMs });
      reached = Math.max(reached, part.toMs);
    }
    if (reached < toMs) parts.push({ fromMs: reached, toMs });
  }
  return parts;
}

export function lengthOf(parts: readonly IntervalMs[]): number {
  return parts.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}
