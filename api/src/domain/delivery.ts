import { mediaAt, type Stretch } from './claims.ts';
import { type Interval, type IntervalSet, intersect, lengthMs, unite, union, widen } from './intervals.ts';
import type { ViewingRules } from './viewing-rules.ts';

/** One segment of one track, as this playback's token asked for it and its player proved to have it. */
export interface SegmentEvidence {
  readonly media: Interval;
  /** The first request that was not void; null where there was none: then a proof proves nothing. */
  readonly requestedAtMs: number | null;
  /** The client named the SHA-256 of its bytes, and it is the manifest's. */
  readonly proven: boolean;
}

/** What is known of the bytes that reached the viewer. */
export type DeliveryEvidence =
  /** Wall-clock windows in which the media node sent bytes to this viewer. */
  | { readonly by: 'webrtc'; readonly windows: IntervalSet }
  | LiveHlsEvidence
  | { readonly by: 'hls'; readonly segments: readonly SegmentEvidence[] };

/** Of a live playlist the media node hears the reloads; the media itself may come out of any cache. */
export interface LiveHlsEvidence {
  readonly by: 'll-hls';
  /** Wall-clock windows in which media went to addresses of this viewer's own. */
  readonly bytes: IntervalSet;
  /** Wall-clock windows in which this viewer kept reloading the playlist. */
  readonly reloads: IntervalSet;
  /** Segments, of whichever track, that this viewer proved to have. */
  readonly proven: readonly Interval[];
  /** Those at the ends of long runs of proven ones, see `seamNames`: he had only parts of them. */
  readonly seams: readonly Interval[];
}

/** The media of a stretch by its evidence; what is in neither was not delivered and cannot be proven any more. */
export interface DeliveredMedia {
  readonly delivered: IntervalSet;
  /** Requested in time, the bytes not proven yet. */
  readonly awaited: IntervalSet;
}

/**
 * The media of a stretch that segments prove. A segment serves only what was played after it was requested; sound alone is
 * enough, so that listening with a thin line counts.
 */
export function deliveredBySegments(
  stretch: Stretch,
  segments: readonly SegmentEvidence[],
  rules: ViewingRules,
): DeliveredMedia {
  const proven: Interval[] = [];
  const requested: Interval[] = [];
  for (const { media, requestedAtMs, proven: isProven } of segments) {
    if (requestedAtMs === null || media.toMs <= stretch.media.fromMs || media.fromMs >= stretch.media.toMs)
      continue;
    const served = servedFrom(stretch, media, requestedAtMs - rules.requestToleranceMs);
    (isProven ? proven : requested).push(served);
  }
  const within = (list: Interval[]): IntervalSet =>
    intersect(unite(list, rules.segmentHoleMs), [stretch.media]);
  return { delivered: within(proven), awaited: within(proven.concat(requested)) };
}

/** The media that a live viewer proved to have, with the segments of which he had some parts. */
export const deliveredByProofs = (
  { proven, seams }: Pick<LiveHlsEvidence, 'proven' | 'seams'>,
  rules: ViewingRules,
): IntervalSet => unite([...proven, ...seams], rules.segmentHoleMs);

/**
 * Whether a live stretch lies where a live player can stand: never ahead of the clock, which no player is, and by `liveLagMs` behind
 * it at most where bytes alone count, as they do not say which media they were.
 */
export function isNearLive(
  { clock, media }: Stretch,
  { by, zeroAtMs }: { readonly by: 'bytes' | 'reloads'; readonly zeroAtMs: number },
  rules: ViewingRules,
): boolean {
  const aheadMs = Math.max(media.fromMs - clock.fromMs, media.toMs - clock.toMs) + zeroAtMs;
  const behindMs = Math.max(clock.fromMs - media.fromMs, clock.toMs - media.toMs) - zeroAtMs;
  return aheadMs <= rules.timelineToleranceMs && (by === 'reloads' || behindMs <= rules.liveLagMs);
}

/** The clock of a viewer in which bytes were on their way to him, or in which he asked for them. */
export const deliveredByWindows = (windows: IntervalSet, rules: ViewingRules): IntervalSet =>
  widen(windows, rules.timelineToleranceMs);

/** The part of a segment that was played after `fromClockMs`; backward, thus empty, where none was. */
function servedFrom(stretch: Stretch, segment: Interval, fromClockMs: number): Interval {
  if (fromClockMs <= stretch.clock.fromMs) return segment;
  return { fromMs: Math.max(segment.fromMs, mediaAt(stretch, fromClockMs)), toMs: segment.toMs };
}

/** How far a playback has gone with its requests; kept from one to the next. */
export interface RequestPace {
  /** Distinct media asked for, over both tracks. */
  readonly requested: IntervalSet;
  /** The run of requests without a pause, and whether it went too far; null before the first. */
  readonly run: { readonly fromMs: number; readonly lastMs: number; readonly isVoid: boolean } | null;
}

export const NO_REQUESTS: RequestPace = { requested: [], run: null };

/**
 * Judges one request at its time. Players ask for what they will play soon; a client that fetches a course at once has not
 * played it. All distinct media asked for so far may be at most 90 s more than 1.5 x the session's age; a request beyond that is void,
 * and with it the whole run of requests (each within a second of the one before) in which it stands, from `voidFromMs` on.
 */
export function paceRequest(
  pace: RequestPace,
  request: { readonly media: Interval; readonly atMs: number },
  openedAtMs: number,
  rules: ViewingRules,
): { pace: RequestPace; voidFromMs: number | null } {
  const { media, atMs } = request;
  const requested = union(pace.requested, unite([media]));
  const allowedMs = rules.requestAheadMs + (atMs - openedAtMs) * rules.maxRate;
  const sameRun = pace.run !== null && atMs - pace.run.lastMs < rules.burstGapMs ? pace.run : null;
  const isVoid = lengthMs(requested) > allowedMs || sameRun?.isVoid === true;
  const fromMs = sameRun?.fromMs ?? atMs;
  return { pace: { requested, run: { fromMs, lastMs: atMs, isVoid } }, voidFromMs: isVoid ? fromMs : null };
}
