import { type Interval, isInterval } from './intervals.ts';
import type { ViewingRules } from './viewing-rules.ts';

/** What a client says it did. Clock is the server's (ms since 1970), media is the timeline's. */
export type Claim = { readonly clock: Interval; readonly arrivedAtMs: number } & (
  | { readonly did: 'played'; readonly media: Interval; readonly hidden: boolean }
  | { readonly did: 'paused' | 'stalled' }
);

/** A stretch of play: the clock maps to the media in a straight line. */
export interface Stretch {
  readonly clock: Interval;
  readonly media: Interval;
}

/**
 * Whether a claim is taken at all; one that is not leaves its time without a claim. The contract's schema has refused what
 * is no number; this refuses what is no possible clock: backward, over-long, or later than its own arrival allows.
 */
export function isClaimable(claim: Claim, openedAtMs: number, rules: ViewingRules): boolean {
  const { clock } = claim;
  return (
    isInterval(clock) &&
    clock.fromMs >= openedAtMs &&
    clock.toMs - clock.fromMs <= rules.maxClaimMs &&
    clock.toMs <= claim.arrivedAtMs + rules.maxFutureMs &&
    (claim.did !== 'played' || isMedia(claim.media))
  );
}

/** More media than 1.5 x the clock, beyond rounding. */
export function isOverRate({ clock, media }: Stretch, rules: ViewingRules): boolean {
  const clockMs = lengthOf(clock);
  const toleranceMs = Math.min(rules.rateToleranceMs, clockMs / 10);
  return lengthOf(media) > clockMs * rules.maxRate + toleranceMs;
}

/**
 * Where the media stood at a moment of the clock, in whole milliseconds. Each millisecond of the clock so plays 0, 1 or 2 of
 * the media, the same ones however a claim is cut up.
 */
export function mediaAt({ clock, media }: Stretch, clockMs: number): number {
  return media.fromMs + Math.round(((clockMs - clock.fromMs) * lengthOf(media)) / lengthOf(clock));
}

/** What a part of a stretch's clock played. */
export const mediaIn = (stretch: Stretch, clock: Interval): Interval => ({
  fromMs: mediaAt(stretch, clock.fromMs),
  toMs: mediaAt(stretch, clock.toMs),
});

/** The first moment of the clock at which a moving stretch has reached `mediaMs`. */
export function clockAt(stretch: Stretch, mediaMs: number): number {
  const { clock, media } = stretch;
  if (mediaMs <= media.fromMs) return clock.fromMs;
  if (mediaMs > media.toMs) return clock.toMs;
  let clockMs =
    clock.fromMs + Math.ceil(((mediaMs - media.fromMs - 0.5) * lengthOf(clock)) / lengthOf(media));
  while (mediaAt(stretch, clockMs) < mediaMs) clockMs += 1; // The division may be a rounding error off.
  return clockMs;
}

/** The last moment of the clock until which nothing beyond `mediaMs` was played, of those that come near it. */
export function clockUntil(stretch: Stretch, mediaMs: number): number {
  const clockMs = clockAt(stretch, mediaMs);
  return mediaAt(stretch, clockMs) > mediaMs ? clockMs - 1 : clockMs;
}

export const lengthOf = ({ fromMs, toMs }: Interval): number => toMs - fromMs;

/** Media may stand still, but not run backward. */
const isMedia = ({ fromMs, toMs }: Interval): boolean =>
  Number.isSafeInteger(fromMs) && Number.isSafeInteger(toMs) && fromMs >= 0 && fromMs <= toMs;
