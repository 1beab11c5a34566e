/** One measurement as it is printed: one JSON line, the last that a bench prints. */
export interface BenchLine {
  name: string;
  value: number;
  unit: string;
  /** The goal in words, as `docs` state it. */
  goal: string;
  /** Whether the goal is met; an honest `false` is worth more than a bent goal. */
  ok: boolean;
  details: Record<string, unknown>;
}

/** What `bench/<name>.bench.ts` exports. */
export interface BenchModule {
  default: () => Promise<BenchLine>;
  /** How long it may take; 3 minutes where it does not say. */
  timeLimitMs?: number;
}

/** What a bench's process tells the runner. */
export type BenchMessage = { limitMs: number } | { line: BenchLine };

export const DEFAULT_LIMIT_MS = 180_000;
