import type { VerdictReason } from '@yike/contracts/http/viewing';
import { type Claim, isClaimable } from './claims.ts';
import type { DeliveryEvidence } from './delivery.ts';
import { type Interval, type IntervalSet, intersect, subtract, unite } from './intervals.ts';
import { countAccepted } from './count-accepted.ts';
import { type LineageFacts, ruleOnDelivery, type Ruling } from './rule-on-delivery.ts';
import { clockOf, isAccepted, mergeVerdicts, type Verdict } from './verdicts.ts';
import type { ViewingRules } from './viewing-rules.ts';

/** All that is known of one playback session within a window of its clock. */
export interface SessionFacts {
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
  /** Every claim that reaches into the window, in the order of arrival: the first claim of a moment holds. */
  readonly claims: readonly Claim[];
  /** When this session held the resident's lease; a tenure that still runs reaches past now. */
  readonly tenures: IntervalSet;
  readonly evidence: DeliveryEvidence;
  readonly lineage: LineageFacts;
  /** The verdicts that were accepted in the window before: they stand. */
  readonly accepted: readonly Verdict[];
  /** The media of this resident and lineage that is counted already, in whichever session. */
  readonly countedMedia: IntervalSet;
  /** The resident's counted clock over all lineages, by the first moment of the Shanghai day, in ms. */
  readonly countedClockByDay: ReadonlyMap<number, number>;
}

export interface Judgement {
  /** They cover the judged window exactly, each millisecond once. */
  readonly verdicts: Verdict[];
  /** To be united with the resident's two sets of this lineage; both sets only ever grow. */
  readonly media: IntervalSet;
  readonly clock: IntervalSet;
  /** No verdict before this can change by waiting; a new claim or new evidence for earlier time still can. */
  readonly settledToMs: number;
}

/**
 * Judges a session from `fromMs` of the server's clock until now or its end.
 *
 * Pure and repeatable: judging the same facts again changes nothing, judging more facts never takes back what was accepted. The order of
 * the questions is the order in which a resident is told: too late, not holding the lease, hidden, too fast, withdrawn, and only then
 * whether the bytes were delivered and the media exists.
 */
export function judgeSession(
  facts: SessionFacts,
  fromMs: number,
  nowMs: number,
  rules: ViewingRules,
): Judgement {
  const window = {
    fromMs: Math.max(fromMs, facts.openedAtMs),
    toMs: Math.min(nowMs, facts.closedAtMs ?? nowMs),
  };
  const standing = facts.accepted.filter(isAccepted);
  let free = subtract(unite([window]), clockOf(standing));
  const rulings: Ruling[] = [];
  for (const claim of facts.claims) {
    if (!isClaimable(claim, facts.openedAtMs, rules)) continue;
    const mine = intersect(free, [claim.clock]);
    free = subtract(free, mine);
    for (const clock of mine) rulings.push(...ruleOn(claim, clock, facts, nowMs, rules));
  }
  for (const clock of free) rulings.push(...ruleOnSilence(clock, facts, nowMs, rules));

  const findings = rulings.filter((ruling) => ruling.is === 'accepted');
  const fresh = countAccepted(findings, facts.countedMedia, facts.countedClockByDay, rules);
  const refused = rulings.flatMap((ruling) =>
    ruling.is === 'accepted' ? [] : [{ clock: ruling.clock, media: ruling.media, reason: ruling.is }],
  );
  const verdicts = mergeVerdicts([...standing, ...fresh.verdicts, ...refused]);
  return {
    verdicts,
    media: fresh.media,
    clock: fresh.clock,
    settledToMs: settledTo(verdicts, window, nowMs, rules),
  };
}

function ruleOn(
  claim: Claim,
  clock: Interval,
  facts: SessionFacts,
  nowMs: number,
  rules: ViewingRules,
): Ruling[] {
  if (claim.arrivedAtMs - claim.clock.toMs > rules.graceMs) return [{ clock, media: null, is: 'late' }];
  if (claim.did !== 'played') return [{ clock, media: null, is: claim.did }];

  const held = intersect([clock], facts.tenures);
  const superseded = subtract([clock], held).map((part) => ({
    clock: part,
    media: null,
    is: 'superseded' as const,
  }));
  return [...superseded, ...held.flatMap((part) => ruleOnPlay(claim, part, facts, nowMs, rules))];
}

function ruleOnPlay(
  claim: Extract<Claim, { did: 'played' }>,
  clock: Interval,
  facts: SessionFacts,
  nowMs: number,
  rules: ViewingRules,
): Ruling[] {
  const { lineage, evidence } = facts;
  const refuse = (is: VerdictReason): Ruling[] => [{ clock, media: null, is }];
  if (claim.hidden) return refuse('hidden');
  if (lineage.withdrawnAtMs !== null && clock.toMs > lineage.withdrawnAtMs) return refuse('not-published');

  return ruleOnDelivery({ clock, claim }, { evidence, lineage, closedAtMs: facts.closedAtMs }, nowMs, rules);
}

/** Nobody spoke for this time: the last moments of a session that runs are awaited. */
function ruleOnSilence(clock: Interval, facts: SessionFacts, nowMs: number, rules: ViewingRules): Ruling[] {
  const awaitedFromMs = facts.closedAtMs === null ? nowMs - rules.awaitedSilenceMs : Infinity;
  const awaited = intersect([clock], [{ fromMs: awaitedFromMs, toMs: Infinity }]);
  const silent = subtract([clock], awaited);
  return [
    ...silent.map((part) => ({ clock: part, media: null, is: 'silent-client' as const })),
    ...awaited.map((part) => ({ clock: part, media: null, is: 'pending' as const })),
  ];
}

function settledTo(
  verdicts: readonly Verdict[],
  window: Interval,
  nowMs: number,
  rules: ViewingRules,
): number {
  const open = verdicts.find(
    ({ reason, clock }) =>
      reason === 'pending' || (reason === 'not-delivered' && nowMs < clock.toMs + rules.graceMs),
  );
  return open?.clock.fromMs ?? Math.max(window.fromMs, window.toMs);
}
