import { type BackOff, waitBefore } from './back-off.ts';

/** How the picture comes: `webrtc` within a fraction of a second, `hls` some seconds late and through whatever lets a web page through. */
export type Way = 'webrtc' | 'hls';
/** What the resident wants: the best that goes, a late and steady picture, or no picture. */
export const CHOICES = ['auto', 'steady', 'sound'] as const;
export type Choice = (typeof CHOICES)[number];

/** Why it is as it is; the page says so in a line. */
export type Because =
  | 'first'
  | 'chosen'
  /** WebRTC never came through. */
  | 'blocked'
  /** WebRTC broke off. */
  | 'broken'
  /** The media node takes no more viewers by WebRTC. */
  | 'full'
  /** This browser cannot show what is sent. */
  | 'codec'
  /** WebRTC comes through again. */
  | 'recovered'
  /** The line does not bear a picture: only the sound is left. */
  | 'thin';

export interface LineState {
  readonly choice: Choice;
  readonly way: Way;
  readonly hasPicture: boolean;
  /** All takes longer than elsewhere: more patience, and nothing is fetched on suspicion. */
  readonly isThin: boolean;
  readonly because: Because;
  /** When this way was begun. All moments by one monotonic clock, ms. */
  readonly sinceMs: number;
  /** The moment from which silence is counted: the beginning, or the last media. */
  readonly quietSinceMs: number;
  readonly hasFlowed: boolean;
  /** How often in a row WebRTC was given up. */
  readonly failures: number;
  /** When WebRTC is tried again beside the picture; null: not any more. */
  readonly tryAtMs: number | null;
  /** It is being tried now. */
  readonly isTrying: boolean;
  /** When the picture by HLS stood still lately, the newest last. */
  readonly stalls: readonly number[];
}

export type LineEvent =
  /**
   * Time goes by. `isSignalled`: the node is heard otherwise, so that silence means that media does not come through. `isOpening`: it cannot
   * come yet.
   */
  | { readonly is: 'tick'; readonly isSignalled: boolean; readonly isOpening: boolean }
  /** WebRTC media arrived since the last event. */
  | { readonly is: 'flowed' }
  /** WebRTC that was given up brings media after all, before anything else is there. */
  | { readonly is: 'revived' }
  /** There is nothing to see: the lecturer is away, or the resident paused. */
  | { readonly is: 'idle' }
  /** WebRTC brings a part of the picture that is of no use to anyone. */
  | { readonly is: 'choked' }
  | { readonly is: 'refused'; readonly because: 'full' | 'codec' }
  /** The picture by HLS began to stand still. */
  | { readonly is: 'stalled' }
  | { readonly is: 'tried'; readonly worked: boolean }
  | { readonly is: 'chosen'; readonly choice: Choice };

/**
 * A connection takes a second, on a far line two, and short breaks heal by themselves. With HLS's own start, on a slow device a second and a
 * half, the picture is there within 5 s.
 */
const MEDIA_WITHIN_MS = 2_500;
/** A thin line brings sound in the end. */
const MEDIA_WITHIN_THIN_MS = 8_000;
/** Pages and scripts come over the same line, so another way would not be open sooner. */
const OPENS_WITHIN_MS = 40_000;
/** The node is away: HLS comes from the same one, so there is nothing to change to. */
const NODE_RETURNS_WITHIN_MS = 8_000;
/** WebRTC that holds so long has proven itself. */
const PROVEN_AFTER_MS = 60_000;
/** So many stalls within so long, and the line does not bear a picture. */
const STALLS = { most: 3, withinMs: 30_000 } as const;
const TRY_AGAIN: BackOff = { firstMs: 8_000, factor: 2, mostMs: 180_000 };

/** Before anything was tried. Where the line is known to be thin, the picture comes only if it is asked for. */
export function beginLine(choice: Choice, nowMs: number, isThin = false): LineState {
  const isSpared = choice === 'auto' && isThin;
  return {
    choice,
    way: choice === 'steady' ? 'hls' : 'webrtc',
    hasPicture: choice !== 'sound' && !isSpared,
    isThin,
    because: isSpared ? 'thin' : choice === 'auto' ? 'first' : 'chosen',
    sinceMs: nowMs,
    quietSinceMs: nowMs,
    hasFlowed: false,
    failures: 0,
    tryAtMs: null,
    isTrying: false,
    stalls: [],
  };
}

/**
 * Which way the picture should come, after what happened. WebRTC first; HLS when it is silent for too long; back when a trial beside the
 * picture shows that it works, tried ever more rarely. The same object where nothing changed.
 * @param chance a number in [0, 1), as `Math.random()` gives it
 */
export function nextLine(state: LineState, event: LineEvent, nowMs: number, chance: number): LineState {
  switch (event.is) {
    case 'chosen':
      return { ...beginLine(event.choice, nowMs), isThin: state.isThin };
    case 'flowed':
      return state.way === 'webrtc' ? afterMedia(state, nowMs) : state;
    case 'revived':
      return state.because === 'blocked' || state.because === 'broken'
        ? { ...on('webrtc', state, nowMs), because: 'first', hasFlowed: true, tryAtMs: null }
        : state;
    case 'idle':
      return { ...state, quietSinceMs: nowMs, stalls: [] };
    case 'choked':
      return state.way === 'webrtc' && state.hasPicture && state.choice === 'auto'
        ? { ...on('webrtc', state, nowMs), ...THIN }
        : state;
    case 'refused':
      return giveUp(state, event.because, nowMs, chance);
    case 'stalled':
      return state.way === 'hls' ? afterStall(state, nowMs, chance) : state;
    case 'tried':
      return afterTrial(state, event.worked, nowMs, chance);
    case 'tick':
      return state.way === 'webrtc' ? afterSilence(state, event, nowMs, chance) : beginTrial(state, nowMs);
  }
}

function afterMedia(state: LineState, nowMs: number): LineState {
  const flowing = { ...state, quietSinceMs: nowMs, hasFlowed: true };
  if (state.failures === 0 || nowMs - state.sinceMs < PROVEN_AFTER_MS) return flowing;
  return { ...flowing, failures: 0, because: state.because === 'thin' ? 'thin' : 'first' };
}

function afterSilence(
  state: LineState,
  { isSignalled, isOpening }: { isSignalled: boolean; isOpening: boolean },
  nowMs: number,
  chance: number,
): LineState {
  const quietMs = nowMs - state.quietSinceMs;
  if (isOpening && !state.hasFlowed && nowMs - state.sinceMs < OPENS_WITHIN_MS) {
    // That it takes so long says how thin the line is.
    return state.isThin || quietMs >= MEDIA_WITHIN_MS
      ? { ...state, isThin: true, quietSinceMs: nowMs }
      : state;
  }
  if (quietMs < patienceOf(state, isSignalled)) return state;
  return giveUp(state, state.hasFlowed ? 'broken' : 'blocked', nowMs, chance);
}

function patienceOf({ hasFlowed, isThin }: LineState, isSignalled: boolean): number {
  if (hasFlowed && !isSignalled) return NODE_RETURNS_WITHIN_MS;
  return isThin ? MEDIA_WITHIN_THIN_MS : MEDIA_WITHIN_MS;
}

function giveUp(
  state: LineState,
  because: 'blocked' | 'broken' | 'full' | 'codec',
  nowMs: number,
  chance: number,
): LineState {
  const failures = state.failures + 1;
  const tryAtMs = because === 'codec' ? null : nowMs + waitBefore(failures, chance, TRY_AGAIN);
  return {
    ...on('hls', state, nowMs),
    ...{ because: state.because === 'thin' ? 'thin' : because, failures, tryAtMs },
  };
}

function afterStall(state: LineState, nowMs: number, chance: number): LineState {
  const stalls = [...state.stalls.filter((ms) => nowMs - ms < STALLS.withinMs), nowMs];
  const isThin = stalls.length >= STALLS.most && state.hasPicture && state.choice === 'auto';
  if (!isThin) return { ...state, stalls };
  // Its sound may come through by WebRTC, which does not wait for what was lost.
  const tryAtMs = state.tryAtMs === null ? null : nowMs + waitBefore(state.failures, chance, TRY_AGAIN);
  return { ...on('hls', state, nowMs), ...THIN, tryAtMs };
}

function beginTrial(state: LineState, nowMs: number): LineState {
  if (state.isTrying || state.tryAtMs === null || nowMs < state.tryAtMs) return state;
  return { ...state, isTrying: true };
}

function afterTrial(state: LineState, worked: boolean, nowMs: number, chance: number): LineState {
  if (!state.isTrying) return state;
  if (!worked) {
    const failures = state.failures + 1;
    return { ...state, isTrying: false, failures, tryAtMs: nowMs + waitBefore(failures, chance, TRY_AGAIN) };
  }
  const because = state.because === 'thin' ? 'thin' : 'recovered';
  return { ...on('webrtc', state, nowMs), because, tryAtMs: null };
}

/** The sound alone, for the line's sake. */
const THIN = { hasPicture: false, isThin: true, because: 'thin' } as const;

const on = (way: Way, state: LineState, nowMs: number): LineState => ({
  ...state,
  ...{ way, sinceMs: nowMs, quietSinceMs: nowMs, hasFlowed: false, isTrying: false, stalls: [] },
});
