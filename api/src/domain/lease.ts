/** One resident's lease: at most one playback session plays for him at a time. Times are ms since 1970 by the server. */
export interface LeaseState {
  readonly holder: { readonly playbackId: string; readonly sinceMs: number } | null;
  /** The end of the last tenure that ended; 0 before any. */
  readonly lastEndMs: number;
  /** Time before this has been judged, and may have been counted for the holder. */
  readonly judgedToMs: number;
}

export interface LeaseTaken {
  readonly sinceMs: number;
  /** The tenure that ends by it; null when nobody else held the lease, or the taker already did. */
  readonly ended: { readonly playbackId: string; readonly atMs: number } | null;
  /** Nothing changed: the taker holds it already. */
  readonly isSame: boolean;
}

/** Play is pressed some moments before the server hears of it; as long as nobody else held the lease then, they count. */
const HEARD_WITHIN_MS = 2_000;

/**
 * Pressing Play. Tenures of one resident never overlap, whatever the clocks of several servers say: a new one begins at the earliest
 * where the judged time of the old one ends.
 */
export function takeLease(
  state: LeaseState,
  taker: { readonly playbackId: string; readonly openedAtMs: number },
  nowMs: number,
): LeaseTaken {
  const { holder } = state;
  if (holder?.playbackId === taker.playbackId) return { sinceMs: holder.sinceMs, ended: null, isSame: true };
  if (holder === null) {
    const sinceMs = Math.max(state.lastEndMs, taker.openedAtMs, nowMs - HEARD_WITHIN_MS);
    return { sinceMs, ended: null, isSame: false };
  }
  const atMs = Math.max(nowMs, state.judgedToMs, holder.sinceMs);
  return { sinceMs: atMs, ended: { playbackId: holder.playbackId, atMs }, isSame: false };
}

/**
 * A page goes on with another session of its own, and nobody pressed Play: what another device holds is left alone.
 * @returns null where another session holds the lease
 */
export function passLease(
  state: LeaseState,
  taker: { readonly playbackId: string; readonly openedAtMs: number; readonly insteadOf: string },
  nowMs: number,
): LeaseTaken | null {
  const holderId = state.holder?.playbackId ?? taker.insteadOf;
  if (holderId !== taker.insteadOf && holderId !== taker.playbackId) return null;
  return takeLease(state, taker, nowMs);
}
