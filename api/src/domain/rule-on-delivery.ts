import type { VerdictReason } from '@yike/contracts/http/viewing';
import { type Claim, isOverRate, lengthOf, mediaIn } from './claims.ts';
import { cutByMedia, type PlayedPart } from './cut-by-media.ts';
import {
  deliveredByProofs,
  deliveredBySegments,
  deliveredByWindows,
  type DeliveryEvidence,
  isNearLive,
  type LiveHlsEvidence,
  type SegmentEvidence,
} from './delivery.ts';
import { type Interval, type IntervalSet, intersect, shift, subtract, union } from './intervals.ts';
import type { ViewingRules } from './viewing-rules.ts';

/** The timeline that a session plays. */
export interface LineageFacts {
  readonly recorded: IntervalSet;
  /** Nothing more will be recorded: what is missing now is a gap. */
  readonly isFinal: boolean;
  /** Wall clock of the timeline's 0; null before any media. */
  readonly timelineZeroAtMs: number | null;
  /** From when on residents may no longer play it. */
  readonly withdrawnAtMs: number | null;
}

/** A verdict before the two sets are asked: `accepted` is to become counted, a repeat, or beyond the cap. */
export type Ruling =
  | (PlayedPart & { readonly is: 'accepted' })
  | { readonly clock: Interval; readonly media: Interval | null; readonly is: VerdictReason };

/** A part of a claim's clock that nothing else speaks against. */
export interface ClaimedPlay {
  readonly clock: Interval;
  readonly claim: Extract<Claim, { did: 'played' }>;
}

/** What the session is judged by here. */
export interface DeliveryFacts {
  readonly evidence: DeliveryEvidence;
  readonly lineage: LineageFacts;
  readonly closedAtMs: number | null;
}

/** All facts of a ruling but the kind of its evidence. */
interface Case<Evidence> {
  readonly play: ClaimedPlay;
  readonly evidence: Evidence;
  readonly lineage: LineageFacts;
  /** The media node's report of this time may still come. */
  readonly mayBeReported: boolean;
  /** Before a session is closed (and its last beats are in), the next beats may prove what was requested. */
  readonly mayBeProven: boolean;
  readonly rules: ViewingRules;
}

/** Whether what was played was delivered and recorded, by whatever evidence there is. The rulings cover the part's clock exactly. */
export function ruleOnDelivery(
  play: ClaimedPlay,
  { evidence, lineage, closedAtMs }: DeliveryFacts,
  nowMs: number,
  rules: ViewingRules,
): Ruling[] {
  const { clock, claim } = play;
  const mayBeReported = nowMs < Math.max(clock.toMs, claim.arrivedAtMs) + rules.deliveryReportWithinMs;
  const mayBeProven = closedAtMs === null && nowMs < clock.toMs + rules.graceMs;
  const given = { play, lineage, mayBeReported, mayBeProven, rules };
  if (evidence.by === 'webrtc') return ruleOnWebrtc({ ...given, evidence: evidence.windows });
  if (isOverRate(claim, rules)) return refuse(clock, 'over-rate');
  if (lengthOf(mediaIn(claim, clock)) === 0) return refuse(clock, 'stalled');
  if (evidence.by === 'll-hls') return ruleOnLiveHls({ ...given, evidence });
  return ruleOnSegments({ ...given, evidence: evidence.segments });
}

const refuse = (clock: Interval, is: VerdictReason): Ruling[] => [{ clock, media: null, is }];

/** A WebRTC viewer is placed on the timeline by the clock, whatever he claims. */
function ruleOnWebrtc(given: Case<IntervalSet>): Ruling[] {
  const { play, evidence: windows, lineage, mayBeReported, rules } = given;
  const { clock } = play;
  if (lineage.timelineZeroAtMs === null) return refuse(clock, lineage.isFinal ? 'no-media' : 'pending');
  const media = shift([clock], -lineage.timelineZeroAtMs);
  const delivered = shift(deliveredByWindows(windows, rules), -lineage.timelineZeroAtMs);
  return media.flatMap((part) =>
    ruleOnMedia({ clock, source: { clock, media: part } }, delivered, mayBeReported ? media : [], lineage),
  );
}

function ruleOnSegments(given: Case<readonly SegmentEvidence[]>): Ruling[] {
  const { play, evidence: segments, lineage, mayBeProven, rules } = given;
  const { delivered, awaited } = deliveredBySegments(play.claim, segments, rules);
  return ruleOnMedia(
    { clock: play.clock, source: play.claim },
    delivered,
    mayBeProven ? awaited : [],
    lineage,
  );
}

/**
 * A live viewer by HLS: only the clock within his windows; there by his bytes as he says, or by his reloads what he proves. What is not
 * recorded yet cannot be proven yet, as the index does not know its hash.
 */
function ruleOnLiveHls(given: Case<LiveHlsEvidence>): Ruling[] {
  const { play, evidence, lineage, mayBeReported, mayBeProven, rules } = given;
  const { clock, claim } = play;
  const { timelineZeroAtMs: zeroAtMs, recorded } = lineage;
  if (zeroAtMs === null) return refuse(clock, lineage.isFinal ? 'no-media' : 'pending');
  if (!isNearLive(claim, { by: 'reloads', zeroAtMs }, rules)) return refuse(clock, 'not-delivered');

  const canBeBytes = isNearLive(claim, { by: 'bytes', zeroAtMs }, rules);
  const byBytes = canBeBytes ? intersect([clock], deliveredByWindows(evidence.bytes, rules)) : [];
  const windows = subtract(intersect([clock], deliveredByWindows(evidence.reloads, rules)), byBytes);
  const outside = subtract([clock], union(byBytes, windows));

  const whole = [claim.media];
  const proven = deliveredByProofs(evidence, rules);
  const awaited = mayBeProven ? whole : subtract(whole, recorded);
  return [
    ...byBytes.flatMap((part) => ruleOnMedia({ clock: part, source: claim }, whole, [], lineage)),
    ...windows.flatMap((part) => ruleOnMedia({ clock: part, source: claim }, proven, awaited, lineage)),
    ...outside.flatMap((part) => refuse(part, mayBeReported ? 'pending' : 'not-delivered')),
  ];
}

/** Cuts a part by where its media was delivered, is awaited, and was recorded. */
function ruleOnMedia(
  part: PlayedPart,
  delivered: IntervalSet,
  awaited: IntervalSet,
  { recorded, isFinal }: LineageFacts,
): Ruling[] {
  const whole = [part.source.media];
  const missing = isFinal ? subtract(whole, recorded) : [];
  const accepted = intersect(intersect(whole, delivered), recorded);
  // Delivered, and its recording still on the way: during a broadcast segments are stored seconds later.
  const pending = subtract(intersect(whole, union(delivered, awaited)), union(accepted, missing));
  const sets = { accepted, 'no-media': missing, pending };
  return cutByMedia(part, sets, 'accepted').map(({ clock, label }) => {
    if (label === 'accepted') return { clock, source: part.source, is: label };
    return { clock, media: mediaIn(part.source, clock), is: label ?? 'not-delivered' };
  });
}
