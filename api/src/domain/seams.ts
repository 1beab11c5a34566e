import type { Interval } from './intervals.ts';
import type { ViewingRules } from './viewing-rules.ts';

/** A segment under its name of playlists and proofs, `<epoch>/<track>/<seq>`. */
export interface NamedMedia {
  readonly segment: string;
  readonly media: Interval;
}

interface Numbered {
  readonly track: string;
  readonly seq: number;
  readonly media: Interval;
}

const SEGMENT_NAME = /^(?<track>\d+\/(?:video|audio))\/(?<seq>\d+)$/;

/**
 * The names of the segments that may count without a proof: who joins or leaves in the middle of a segment had parts of it, but never its
 * whole bytes. That is so at the two ends of a long run of proven segments, each the next of its track, and nowhere else: if a single
 * proven segment vouched for its neighbours, one segment in three would be enough to load.
 */
export function seamNames(proven: readonly NamedMedia[], rules: ViewingRules): string[] {
  return runsOf(proven, rules).flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    if (last.media.toMs - first.media.fromMs < rules.seamRunMs) return [];
    return [first.seq - 1, last.seq + 1].filter((seq) => seq >= 0).map((seq) => `${first.track}/${seq}`);
  });
}

/** Runs of segments whose numbers and media follow each other, by track. What has no such name is in none. */
function runsOf(proven: readonly NamedMedia[], rules: ViewingRules): Numbered[][] {
  const segments = proven.flatMap(numbered).sort((a, b) => a.seq - b.seq);
  return [...Map.groupBy(segments, ({ track }) => track).values()].flatMap((ofTrack) => {
    const runs: Numbered[][] = [];
    for (const segment of ofTrack) {
      const run = runs.at(-1);
      const last = run?.at(-1);
      if (last !== undefined && follows(last, segment, rules)) run?.push(segment);
      else runs.push([segment]);
    }
    return runs;
  });
}

const follows = (last: Numbered, next: Numbered, { segmentHoleMs }: ViewingRules): boolean =>
  next.seq === last.seq + 1 && next.media.fromMs <= last.media.toMs + segmentHoleMs;

function numbered({ segment, media }: NamedMedia): Numbered[] {
  const { track, seq } = SEGMENT_NAME.exec(segment)?.groups ?? {};
  return track === undefined ? [] : [{ track, seq: Number(seq), media }];
}
