interface Entry<V> {
  readonly value: V;
  readonly untilMs: number;
}

/** What is remembered for a while: bounded, the oldest entries go first. */
export class ExpiringMap<V> {
  readonly #most: number;
  readonly #entries = new Map<string, Entry<V>>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @param untilMs the first moment at which it is forgotten */
  set(key: string, value: V, untilMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, untilMs });
    if (this.#entries.size <= this.#most) return;
    for (const [oldest] of this.#entries) {
      this.#entries.delete(oldest);
      return;
    }
  }

  get(key: string, nowMs: number): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (nowMs < entry.untilMs) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }
}
