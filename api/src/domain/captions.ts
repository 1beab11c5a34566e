import { intersect, type IntervalSet } from './intervals.ts';

/** `00:01:02.345 --> 00:01:05.000 align:start`; hours may be left out. */
const TIMES = /^((?:\d{2,}:)?\d{2}:\d{2}\.\d{3})[ \t]+-->[ \t]+((?:\d{2,}:)?\d{2}:\d{2}\.\d{3})/m;

/**
 * Leaves of WebVTT (on the timeline's clock) what is said within a cut, so that a piece of a lecture does not tell the rest.
 * Head, styles and notes stay as they are.
 * @param cut ranges of the timeline in ms; null: all of it
 */
export function captionsWithin(vtt: string, cut: IntervalSet | null): string {
  if (cut === null) return vtt;
  const blocks = vtt.replaceAll('\r\n', '\n').split(/\n{2,}/);
  const kept = blocks.filter((block) => {
    const [, from, to] = TIMES.exec(block) ?? [];
    if (from === undefined || to === undefined) return true;
    return intersect([{ fromMs: msOf(from), toMs: msOf(to) }], cut).length > 0;
  });
  return kept.join('\n\n');
}

function msOf(clock: string): number {
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round(seconds * 1_000);
}
