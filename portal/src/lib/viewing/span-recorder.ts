import type { BeatSpan } from '@yike/contracts/realtime/viewing';

/** What the player says it does; `seeking` is a stall, the end of the media a pause. */
export type Activity = BeatSpan['did'];

/** The player at one moment; it holds until the next sample. */
export interface PlayerSample {
  /** Milliseconds since the playback session was opened; never falls. */
  readonly clockMs: number;
  readonly did: Activity;
  /** Position on the timeline in milliseconds; null before there is media. */
  readonly mediaMs: number | null;
  /** The page cannot be seen, and the picture is not in a window of its own. */
  readonly hidden: boolean;
  /** The position was set (a seek, a hop over a gap): media since the last sample was not played through. */
  readonly jumped?: boolean;
}

/** The longest a span may be, and the most media one millisecond of clock can hold (the highest speed). */
export interface SpanLimits {
  readonly maxClaimMs: number;
  readonly maxRate: number;
}

/** A step shorter than this is too short to tell a stall from a position that has not been refreshed. */
const SHORT_STEP_MS = 500;
/** Media that ran further than the clock allows, by more than this, was a jump. */
const JUMP_TOLERANCE_MS = 1_000;

interface OpenSpan {
  readonly did: Activity;
  readonly hidden: boolean;
  readonly clockFromMs: number;
  readonly mediaFromMs: number;
  clockToMs: number;
  mediaToMs: number;
}

/**
 * Turns samples of a player into the spans of its beats: from clock 0 to the last sample without a gap or an overlap,
 * in whole milliseconds, none longer than the limit, none with more media than its clock can hold. What was not seen to
 * play is never claimed: a jump, or a clock that ran on while the media stood (a machine asleep), is `stalled`.
 */
export class SpanRecorder {
  readonly #limits: SpanLimits;
  readonly #closed: BeatSpan[] = [];
  #last: PlayerSample = { clockMs: 0, did: 'paused', mediaMs: null, hidden: false };
  #open: OpenSpan | undefined;

  constructor(limits: SpanLimits) {
    this.#limits = limits;
  }

  /** Whether spans wait to be taken (the one that is still open does not count). */
  get hasClosedSpans(): boolean {
    return this.#closed.length > 0;
  }

  observe(sample: PlayerSample): void {
    const clockMs = Math.max(this.#last.clockMs, Math.floor(sample.clockMs));
    const mediaMs = sample.mediaMs === null ? null : Math.max(0, Math.floor(sample.mediaMs));
    const next = { ...sample, clockMs, mediaMs };
    const step = stepBetween(this.#last, next, this.#limits.maxRate);
    this.#last = next;
    if (step.clockToMs > step.clockFromMs) this.#append(step);
  }

  /**
   * The spans up to the last sample, oldest first, at most `limit` of them; what is over waits for the next call.
   * The open span is cut at the last sample.
   */
  takeSpans(limit: number): BeatSpan[] {
    this.#closeOpen();
    return this.#closed.splice(0, limit);
  }

  #append(step: OpenSpan): void {
    for (const piece of cutToLength(step, this.#limits.maxClaimMs)) {
      const open = this.#open;
      if (open !== undefined && this.#continues(open, piece)) {
        open.clockToMs = piece.clockToMs;
        open.mediaToMs = piece.mediaToMs;
      } else {
        this.#closeOpen();
        this.#open = { ...piece };
      }
    }
  }

  #continues(open: OpenSpan, piece: OpenSpan): boolean {
    return (
      open.did === piece.did &&
      open.hidden === piece.hidden &&
      piece.clockToMs - open.clockFromMs <= this.#limits.maxClaimMs &&
      (open.did !== 'played' || open.mediaToMs === piece.mediaFromMs)
    );
  }

  #closeOpen(): void {
    if (this.#open !== undefined) this.#closed.push(toBeatSpan(this.#open, this.#limits.maxRate));
    this.#open = undefined;
  }
}

function stepBetween(from: PlayerSample, to: PlayerSample, maxRate: number): OpenSpan {
  const clock = { clockFromMs: from.clockMs, clockToMs: to.clockMs };
  if (from.did !== 'played') return { ...clock, did: from.did, hidden: false, mediaFromMs: 0, mediaToMs: 0 };
  const mediaFromMs = from.mediaMs ?? 0;
  const mediaToMs = to.mediaMs ?? 0;
  if (from.mediaMs === null || to.mediaMs === null || !playedThrough(from, to, maxRate)) {
    return { ...clock, did: 'stalled', hidden: false, mediaFromMs: 0, mediaToMs: 0 };
  }
  return { ...clock, did: 'played', hidden: from.hidden, mediaFromMs, mediaToMs };
}

function playedThrough(from: PlayerSample, to: PlayerSample, maxRate: number): boolean {
  const clockMs = to.clockMs - from.clockMs;
  const mediaMs = (to.mediaMs ?? 0) - (from.mediaMs ?? 0);
  if (to.jumped === true || mediaMs < 0) return false;
  if (mediaMs > clockMs * maxRate + JUMP_TOLERANCE_MS) return false;
  return mediaMs >= clockMs / 4 || clockMs < SHORT_STEP_MS;
}

/** Pieces no longer than `maxMs`, the media shared out evenly: a timer that was held back makes long steps. */
function* cutToLength(step: OpenSpan, maxMs: number): Generator<OpenSpan> {
  const clockMs = step.clockToMs - step.clockFromMs;
  const mediaAt = (clock: number) =>
    step.mediaFromMs +
    Math.floor(((step.mediaToMs - step.mediaFromMs) * (clock - step.clockFromMs)) / clockMs);
  for (let from = step.clockFromMs; from < step.clockToMs; from += maxMs) {
    const to = Math.min(from + maxMs, step.clockToMs);
    yield {
      ...step,
      clockFromMs: from,
      clockToMs: to,
      mediaFromMs: mediaAt(from),
      mediaToMs: mediaAt(to),
    };
  }
}

function toBeatSpan(span: OpenSpan, maxRate: number): BeatSpan {
  const clock = { clockFromMs: span.clockFromMs, clockToMs: span.clockToMs };
  if (span.did !== 'played') return { did: span.did, ...clock };
  const most = Math.floor((span.clockToMs - span.clockFromMs) * maxRate);
  return {
    did: 'played',
    ...clock,
    mediaFromMs: span.mediaFromMs,
    mediaToMs: Math.min(span.mediaToMs, span.mediaFromMs + most),
    hidden: span.hidden,
  };
}
