import { mediaIn } from './claims.ts';
import { cutByMedia, type PlayedPart } from './cut-by-media.ts';
import { type IntervalSet, intersect, lengthMs, subtract, takeFirst, union, unite } from './intervals.ts';
import { shanghaiDays } from './shanghai-day.ts';
import { addsClock, clockOf, mediaOf, type Verdict } from './verdicts.ts';
import type { ViewingRules } from './viewing-rules.ts';

/** What accepted play adds to the two sets, and how it is called. */
export interface Counted {
  readonly verdicts: Verdict[];
  readonly media: IntervalSet;
  readonly clock: IntervalSet;
}

/**
 * Tells new media from repeats, in the order of the clock, and takes the clock beyond the daily cap away. A stretch is split where its media
 * was counted before, and at midnight in Shanghai. Watching again adds clock, never media: such time is called `repeat` and its clock is
 * united like any other, so that it makes up for what was played fast.
 */
export function countAccepted(
  parts: readonly PlayedPart[],
  countedMedia: IntervalSet,
  countedClockByDay: ReadonlyMap<number, number>,
  rules: ViewingRules,
): Counted {
  const verdicts: Verdict[] = [];
  const usedByDay = new Map(countedClockByDay);
  let known = countedMedia;
  for (const part of parts.toSorted((a, b) => a.clock.fromMs - b.clock.fromMs)) {
    const repeat = intersect([part.source.media], known);
    for (const { clock, label } of cutByMedia(part, { repeat }, 'repeat')) {
      verdicts.push(...capByDay({ clock, source: part.source }, label ?? 'counted', usedByDay, rules));
    }
    known = union(known, unite([mediaIn(part.source, part.clock)]));
  }
  const added = verdicts.filter(({ reason }) => addsClock(reason));
  return { verdicts, media: mediaOf(verdicts), clock: clockOf(added) };
}

function capByDay(
  { clock, source }: PlayedPart,
  reason: 'counted' | 'repeat',
  usedByDay: Map<number, number>,
  rules: ViewingRules,
): Verdict[] {
  const named = (set: IntervalSet, as: Verdict['reason']): Verdict[] =>
    set.map((part) => ({ clock: part, media: mediaIn(source, part), reason: as }));
  return shanghaiDays([clock]).flatMap((day) => {
    const today = intersect([clock], [day]);
    const usedMs = usedByDay.get(day.fromMs) ?? 0;
    const under = takeFirst(today, rules.dailyCapMs - usedMs);
    usedByDay.set(day.fromMs, usedMs + lengthMs(under));
    return [...named(under, reason), ...named(subtract(today, under), 'daily-cap')];
  });
}
