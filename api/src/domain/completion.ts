import { type IntervalSet, intersect, lengthMs } from './intervals.ts';

/** The two sets of one resident and lineage. */
export interface CoverageSets {
  readonly media: IntervalSet;
  readonly clock: IntervalSet;
}

/** How a unit is completed; the numbers are the programme's. */
const COMPLETION = {
  /** Valid time may lack this much, or this share, whichever is more … */
  mayLackMs: 30_000,
  mayLackShare: 0.05,
  /** … but never more than this share of what is required. */
  neverMoreThanShare: 0.3,
} as const;

/** Why a unit is not complete yet. */
type IncompleteReason = 'coverage-too-low' | 'nothing-recorded';

export type CompletionVerdict =
  { readonly complete: true } | { readonly complete: false; readonly reasons: readonly IncompleteReason[] };

/** What must be watched: the unit's media that was recorded. A gap is never required, whoever caused it. In ms. */
export const requiredMs = (unit: IntervalSet, recorded: IntervalSet): number =>
  lengthMs(intersect(unit, recorded));

/** Valid time within a unit, in ms: at most the media that was really played, at most the clock in which it was. */
export function validMs(coverage: CoverageSets, unit: IntervalSet, recorded: IntervalSet): number {
  const playedMs = lengthMs(intersect(intersect(coverage.media, unit), recorded));
  return Math.min(playedMs, lengthMs(coverage.clock));
}

/** Whether a resident's coverage completes a unit: its cut, and what of that was recorded. */
export const completesUnit = (
  coverage: CoverageSets,
  { cut, recorded }: { readonly cut: IntervalSet; readonly recorded: IntervalSet },
): boolean =>
  assessCompletion({
    validMs: validMs(coverage, cut, recorded),
    requiredMs: requiredMs(cut, recorded),
  }).complete;

/** How much of the required time may lack, in ms. */
export function mayLackMs(required: number): number {
  const allowance = Math.max(COMPLETION.mayLackMs, required * COMPLETION.mayLackShare);
  return Math.min(allowance, required * COMPLETION.neverMoreThanShare);
}

/** Decides whether valid time completes a unit. A unit of which nothing was recorded can't be completed. */
export function assessCompletion(facts: { validMs: number; requiredMs: number }): CompletionVerdict {
  if (facts.requiredMs === 0) return { complete: false, reasons: ['nothing-recorded'] };
  const lackMs = facts.requiredMs - facts.validMs;
  return lackMs <= mayLackMs(facts.requiredMs)
    ? { complete: true }
    : { complete: false, reasons: ['coverage-too-low'] };
}
