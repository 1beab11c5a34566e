import type { LineageId, UserId } from '@yike/contracts/ids';
import type { CoverageSets } from '../../domain/completion.ts';
import { intersect, lengthMs, union } from '../../domain/intervals.ts';
import type { Judgement } from '../../domain/judge-session.ts';
import { shanghaiDays } from '../../domain/shanghai-day.ts';
import { coverageKey } from './coverages.repository.ts';
import type { Covered } from './due-completions.service.ts';

/** A resident's time of a lineage. */
export interface ResidentLineage {
  readonly userId: UserId;
  readonly lineageId: LineageId;
}

export const NOTHING: CoverageSets = { media: [], clock: [] };

/** The sums that judging several sessions of a resident carries from one to the next. */
export class RunningSums {
  readonly #pairs: ReadonlyMap<string, ResidentLineage>;
  readonly #before: ReadonlyMap<string, CoverageSets>;
  readonly #coverages: Map<string, CoverageSets>;
  readonly #clockByDay: Map<UserId, Map<number, number>>;
  readonly #grown = new Map<string, CoverageSets>();

  /**
   * @param coverages what is stored, by {@link coverageKey}; a pair that is missing has covered nothing
   * @param clockByDay counted clock of each Shanghai day, by its first moment
   */
  constructor(
    pairs: readonly ResidentLineage[],
    coverages: ReadonlyMap<string, CoverageSets>,
    clockByDay: Map<UserId, Map<number, number>>,
  ) {
    this.#pairs = new Map(pairs.map((pair) => [coverageKey(pair.userId, pair.lineageId), pair]));
    this.#before = coverages;
    this.#coverages = new Map(coverages);
    this.#clockByDay = clockByDay;
  }

  countedMedia({ userId, lineageId }: ResidentLineage) {
    return (this.#coverages.get(coverageKey(userId, lineageId)) ?? NOTHING).media;
  }

  countedClockByDay({ userId }: ResidentLineage): ReadonlyMap<number, number> {
    return this.#clockByDay.get(userId) ?? new Map<number, number>();
  }

  add({ userId, lineageId }: ResidentLineage, { media, clock }: Judgement): void {
    if (media.length === 0 && clock.length === 0) return;
    const key = coverageKey(userId, lineageId);
    const known = this.#coverages.get(key) ?? NOTHING;
    this.#coverages.set(key, { media: union(known.media, media), clock: union(known.clock, clock) });
    const grown = this.#grown.get(key) ?? NOTHING;
    this.#grown.set(key, { media: union(grown.media, media), clock: union(grown.clock, clock) });
    const days = this.#clockByDay.get(userId) ?? new Map<number, number>();
    for (const day of shanghaiDays(clock)) {
      days.set(day.fromMs, (days.get(day.fromMs) ?? 0) + lengthMs(intersect(clock, [day])));
    }
    this.#clockByDay.set(userId, days);
  }

  /** With what was added, by {@link coverageKey}. */
  get coverages(): ReadonlyMap<string, CoverageSets> {
    return this.#coverages;
  }

  /** Each resident and lineage, and what is to be united with what is stored; null for nothing. */
  get covered(): (Omit<Covered, 'hasEnded'> & { readonly growth: CoverageSets | null })[] {
    return Array.from(this.#pairs, ([key, { userId, lineageId }]) => ({
      ...{ userId, lineageId },
      before: this.#before.get(key) ?? NOTHING,
      after: this.#coverages.get(key) ?? NOTHING,
      growth: this.#grown.get(key) ?? null,
    }));
  }
}
