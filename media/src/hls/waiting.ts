/** Requests that may wait at once; beyond it one is told to come again. Each holds a socket and little else. */
const MAX_WAITING = 20_000;

export type Outcome = 'met' | 'late' | 'full' | 'gone';

interface Waiter {
  readonly isMet: () => boolean;
  readonly settle: (outcome: Outcome) => void;
}

/** Requests that wait for a track to grow. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();
  readonly #max: number;

  constructor(max = MAX_WAITING) {
    this.#max = max;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /**
   * Waits until it is met, but no longer than `withinMs`, and not for one who has gone.
   * @param isMet asked at once and after each change
   */
  until(isMet: () => boolean, withinMs: number, gone: AbortSignal): Promise<Outcome> {
    if (isMet()) return Promise.resolve('met');
    if (gone.aborted) return Promise.resolve('gone');
    if (this.#waiters.size >= this.#max) return Promise.resolve('full');
    return new Promise((resolve) => {
      const leave = (): void => waiter.settle('gone');
      const timer = setTimeout(() => waiter.settle('late'), withinMs);
      const waiter: Waiter = {
        isMet,
        settle: (outcome) => {
          clearTimeout(timer);
          gone.removeEventListener('abort', leave);
          this.#waiters.delete(waiter);
          resolve(outcome);
        },
      };
      gone.addEventListener('abort', leave);
      this.#waiters.add(waiter);
    });
  }

  /** The track has grown. */
  changed(): void {
    for (const waiter of this.#waiters) if (waiter.isMet()) waiter.settle('met');
  }

  /** Nothing more will come from this process. */
  close(): void {
    for (const waiter of this.#waiters) waiter.settle('late');
  }
}
