/** Shorter breaks are not noticed much. */
const NOTICED_MS = 1_500;
/** A picture that keeps standing still counts again and again. */
const AGAIN_EVERY_MS = 4_000;

/** Tells stalls from moments of waiting. */
export class StallWatch {
  #nextAtMs: number | null = null;

  /** @returns whether one stall more is to be counted */
  sees(isStanding: boolean, nowMs: number): boolean {
    if (!isStanding) {
      this.#nextAtMs = null;
      return false;
    }
    this.#nextAtMs ??= nowMs + NOTICED_MS;
    if (nowMs < this.#nextAtMs) return false;
    this.#nextAtMs = nowMs + AGAIN_EVERY_MS;
    return true;
  }
}
