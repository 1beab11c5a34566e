import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** Something that the process needs, or would rather have. */
export interface Dependency {
  readonly name: string;
  /** Without it nothing can be served; else much still can. */
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
  /** `degraded`: it serves, though not everything. */
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

/** Asks each dependency when it is asked itself: nothing is remembered, so nothing is out of date. */
@Injectable()
export class ReadinessChecks {
  readonly #dependencies: Dependency[] = [];

  add(dependency: Dependency): void {
    this.#dependencies.push(dependency);
  }

  async run(): Promise<Readiness> {
    return assess(await Promise.all(this.#dependencies.map((each) => ask(each))));
  }
}

async function ask({ name, isNeeded, check }: Dependency): Promise<CheckResult> {
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
