import { setTimeout as sleep } from 'node:timers/promises';

/** Something that the node needs, or would rather have. */
export interface Dependency {
  readonly name: string;
  /** Without it no broadcast can be carried; else it is only poorer. */
  readonly isNeeded: boolean;
  /** Resolves while it is there. @throws what an operator should read */
  readonly check: () => Promise<unknown>;
}

export interface CheckResult {
  readonly name: string;
  readonly isNeeded: boolean;
  readonly isUp: boolean;
  readonly ms: number;
  /** Why it is not up; for operators only. */
  readonly reason?: string;
}

export interface Readiness {
  /** `degraded`: it carries broadcasts, though something is missing. */
  readonly status: 'ready' | 'degraded' | 'not-ready';
  readonly checks: readonly CheckResult[];
}

const ANSWER_WITHIN_MS = 2_000;

/** What the checks amount to. */
export function assess(checks: readonly CheckResult[]): Readiness {
  const down = checks.filter(({ isUp }) => !isUp);
  if (down.length === 0) return { status: 'ready', checks };
  return { status: down.some(({ isNeeded }) => isNeeded) ? 'not-ready' : 'degraded', checks };
}

/** Asks one dependency. Never rejects, and ends in time. */
export async function ask({ name, isNeeded, check }: Dependency): Promise<CheckResult> {
  const begunAt = performance.now();
  const timer = new AbortController();
  const reason = await Promise.race([
    check().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)) || 'no reason was given',
    ),
    sleep(ANSWER_WITHIN_MS, `no answer within ${ANSWER_WITHIN_MS} ms`, { signal: timer.signal }).catch(
      () => undefined,
    ),
  ]);
  timer.abort();
  const ms = Math.round(performance.now() - begunAt);
  return { name, isNeeded, isUp: reason === undefined, ms, ...(reason === undefined ? {} : { reason }) };
}
