/**
 * The numbers by which viewing time is judged, in one place. `domain.md` names most of them; the others are measured
 * tolerances of honest players.
 */
export const VIEWING = {
  /** A claim spans at most this much clock, else it is not taken at all. */
  maxClaimMs: 25_000,
  /** A claim may end this far after its arrival: the client's clock is anchored with the network's delay. */
  maxFutureMs: 2_000,
  /** A beat that arrives later than this after its clock is `late`. */
  graceMs: 600_000,
  /** Media played per clock, at most. */
  maxRate: 1.5,
  /** Rounding and timer jitter of a player: at most this much media, and at most a tenth of the clock. */
  rateToleranceMs: 250,
  /** Without any claim, the last moments of an open session are still awaited: two beats and a little. */
  awaitedSilenceMs: 25_000,
  /** Delivery reports of a media node come every 10 s and may be repeated once. */
  deliveryReportWithinMs: 30_000,
  /** The recorder's anchor and the viewer's picture agree to a second. */
  timelineToleranceMs: 1_000,
  /** A request may be dated this long after the claim that it serves: the client's clock lags by the network's delay. */
  requestToleranceMs: 2_000,
  /** Live by HLS: the playlist reaches back half a minute, the player's buffer and a stall a little further. */
  liveLagMs: 60_000,
  /** A segment is cut at 9 s even without a key frame. */
  longestSegmentMs: 10_000,
  /** So long a run of proven segments vouches for the unproven one at each of its ends. */
  seamRunMs: 20_000,
  /** Neighbouring segments are a rounding error apart. */
  segmentHoleMs: 100,
  /** A player asks for at most this much media ahead of 1.5 x the session's age … */
  requestAheadMs: 90_000,
  /** … and requests that follow each other by less than this are one burst, void together. */
  burstGapMs: 1_000,
  /** 8 class hours of 2,700 s in a Shanghai day. */
  dailyCapMs: 8 * 2_700_000,
  /** A session without a word for this long is closed at its last word. */
  idleMs: 900_000,
  /** No session is longer than a client's clock can count. */
  longestSessionMs: 86_400_000,
} as const;

export type ViewingRules = typeof VIEWING;
