/** How long to wait before the next try; `attempt` counts failed tries from 1. */
export interface BackOff {
  readonly firstMs: number;
  readonly factor: number;
  readonly mostMs: number;
}

/** Back within seconds after a restart, and never a stampede: a thousand viewers lose their sockets at the same moment. */
export const RECONNECT: BackOff = { firstMs: 400, factor: 1.7, mostMs: 5_000 };

/**
 * Exponential back-off with half of it left to chance ("equal jitter").
 * @param chance a number in [0, 1), as `Math.random()` gives it
 * @returns milliseconds, between a half and the whole of the step, at most `mostMs`
 */
export function waitBefore(attempt: number, chance: number, backOff: BackOff = RECONNECT): number {
  const step = Math.min(backOff.mostMs, backOff.firstMs * backOff.factor ** (Math.max(1, attempt) - 1));
  return Math.round(step / 2 + (step / 2) * chance);
}

/** Resolves after the time, or at once when the signal is given; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
