import { type IntervalSet, intersect, lengthMs, union } from './intervals.ts';

/** A credit policy: it has a version and never changes the past. */
export interface CreditPolicy {
  readonly version: number;
  readonly secondsPerClassHour: number;
  readonly classHoursPerCredit: number;
}

/** The Open University's preset: 18 class hours of 45 minutes are one credit. */
const secondsPerCredit = (policy: CreditPolicy): number =>
  policy.secondsPerClassHour * policy.classHoursPerCredit;

/** Whole seconds of class time that completing these ranges grants: their full required length, floored once. */
export function grantedSeconds(completedRanges: IntervalSet, recorded: IntervalSet): number {
  return Math.floor(lengthMs(intersect(completedRanges, recorded)) / 1000);
}

/**
 * Seconds to post for a lineage now: what the rule grants over the ranges of all completed units, less what the lineage has posted
 * already; never negative, since entries are not taken back here. A replay and a piece of it share ranges and never post twice.
 */
export function accrueSeconds(facts: {
  completedUnits: readonly IntervalSet[];
  recorded: IntervalSet;
  postedSeconds: number;
}): number {
  const ranges = facts.completedUnits.reduce(union, []);
  return Math.max(0, grantedSeconds(ranges, facts.recorded) - facts.postedSeconds);
}

/** Milli-credits to post: floor(seconds x 1000 / seconds per credit) under the policy's version, less posted under it. The rest stays as time. */
export function accrueMilliCredits(
  facts: { accruedSeconds: number; postedMilliCredits: number },
  policy: CreditPolicy,
): number {
  const earned = Math.floor((facts.accruedSeconds * 1000) / secondsPerCredit(policy));
  return Math.max(0, earned - facts.postedMilliCredits);
}
