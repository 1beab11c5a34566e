import type { VerdictReason } from '@yike/contracts/http/viewing';
import { type Interval, type IntervalSet, unite } from './intervals.ts';

/** One stretch of a session's clock and what became of it; `media` says what was played, where anything was. */
export interface Verdict {
  readonly clock: Interval;
  readonly media: Interval | null;
  readonly reason: VerdictReason;
}

/**
 * Verdicts that stand for good, as the two sets are only ever united. `repeat`: its media was counted before, so it adds clock and never
 * media. `daily-cap`: it adds media, so that completion can come, and no clock.
 */
const ACCEPTED: ReadonlySet<VerdictReason> = new Set<VerdictReason>(['counted', 'repeat', 'daily-cap']);

export const isAccepted = ({ reason }: Verdict): boolean => ACCEPTED.has(reason);
export const addsClock = (reason: VerdictReason): boolean => reason === 'counted' || reason === 'repeat';

export const clockOf = (verdicts: Iterable<Verdict>): IntervalSet =>
  unite(Array.from(verdicts, ({ clock }) => clock));

export const mediaOf = (verdicts: Iterable<Verdict>): IntervalSet =>
  unite(Array.from(verdicts, ({ media }) => media ?? { fromMs: 0, toMs: 0 }));

/** Sorted by clock, and neighbours of one reason joined where their media runs on too. */
export function mergeVerdicts(verdicts: readonly Verdict[]): Verdict[] {
  const sorted = verdicts
    .filter(({ clock }) => clock.fromMs < clock.toMs)
    .toSorted((a, b) => a.clock.fromMs - b.clock.fromMs);
  const result: Verdict[] = [];
  for (const next of sorted) {
    const last = result.at(-1);
    const joined = last && join(last, next);
    if (joined === undefined) result.push(next);
    else result[result.length - 1] = joined;
  }
  return result;
}

/** The same verdicts without their media, for a reader who asks only why: fewer lines. */
export const withoutMedia = (verdicts: readonly Verdict[]): Verdict[] =>
  mergeVerdicts(verdicts.map(({ clock, reason }) => ({ clock, media: null, reason })));

/** What a judgement changes of the verdicts that are stored. */
export interface VerdictChanges {
  readonly gone: readonly Verdict[];
  readonly added: readonly Verdict[];
}

/** @param stored those of the window that was judged */
export function verdictChanges(stored: readonly Verdict[], judged: readonly Verdict[]): VerdictChanges {
  const [before, after] = [new Set(stored.map(keyOf)), new Set(judged.map(keyOf))];
  return {
    gone: stored.filter((verdict) => !after.has(keyOf(verdict))),
    added: judged.filter((verdict) => !before.has(keyOf(verdict))),
  };
}

/**
 * Without the silence at the end that is still awaited: it changes with every moment that passes, and follows from when the session was
 * judged ({@link withAwaitedSilence}).
 */
export function withoutAwaitedSilence(verdicts: readonly Verdict[]): readonly Verdict[] {
  const last = verdicts.at(-1);
  return last?.reason === 'pending' && last.media === null ? verdicts.slice(0, -1) : verdicts;
}

/** The verdicts of a session that runs, up to when it was judged. */
export function withAwaitedSilence(
  verdicts: readonly Verdict[],
  openedAtMs: number,
  judgedAtMs: number,
): Verdict[] {
  const fromMs = verdicts.at(-1)?.clock.toMs ?? openedAtMs;
  return mergeVerdicts([
    ...verdicts,
    { clock: { fromMs, toMs: judgedAtMs }, media: null, reason: 'pending' },
  ]);
}

/** How long each reason lasted, the longest first. */
export function sumVerdicts(verdicts: Iterable<Verdict>): { reason: VerdictReason; ms: number }[] {
  const sums = new Map<VerdictReason, number>();
  for (const { clock, reason } of verdicts) {
    sums.set(reason, (sums.get(reason) ?? 0) + clock.toMs - clock.fromMs);
  }
  return Array.from(sums, ([reason, ms]) => ({ reason, ms })).sort((a, b) => b.ms - a.ms);
}

const keyOf = ({ clock, media, reason }: Verdict): string =>
  `${clock.fromMs} ${clock.toMs} ${media?.fromMs} ${media?.toMs} ${reason}`;

/** One verdict for two neighbours; undefined where they differ. */
function join(a: Verdict, b: Verdict): Verdict | undefined {
  if (a.reason !== b.reason || a.clock.toMs !== b.clock.fromMs) return undefined;
  const clock = { fromMs: a.clock.fromMs, toMs: b.clock.toMs };
  if (a.media === null && b.media === null) return { clock, media: null, reason: a.reason };
  if (a.media?.toMs !== b.media?.fromMs || a.media === null || b.media === null) return undefined;
  return { clock, media: { fromMs: a.media.fromMs, toMs: b.media.toMs }, reason: a.reason };
}
