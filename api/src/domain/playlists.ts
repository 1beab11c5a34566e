import type { TrackKind } from '@yike/contracts/control/manifest';
import { hull, intersect, type IntervalSet, unite } from './intervals.ts';
import { CLOSED_HOLE_MS, joinEpochs, type RecordedSegment, spanOf } from './recording.ts';

/** A segment as a playlist needs it. */
export interface PlaylistSegment extends RecordedSegment {
  readonly bytes: number;
}

/** What the init segments of an epoch say. */
export interface PlaylistEpoch {
  readonly epoch: number;
  readonly tracks: Partial<
    Record<TrackKind, { codec: string; width?: number | undefined; height?: number | undefined }>
  >;
}

/** A timeline, or a cut of it, to be written as HLS (RFC 8216 and its second edition's draft for EXT-X-GAP). */
export interface PlaylistSource {
  readonly epochs: readonly PlaylistEpoch[];
  readonly segments: readonly PlaylistSegment[];
  /** Ranges of the timeline in ms; null: all there is, from its first media. */
  readonly cut: IntervalSet | null;
  /** Wall clock of timeline 0, unix ms. */
  readonly zeroAtMs: number;
  /** Whether no more will come: then the playlist is VOD and has an end, else it is an EVENT that grows. */
  readonly isComplete: boolean;
}

/** A recorder cuts at 9 s at the latest; a growing playlist may not change its target duration. */
const LONGEST_SEGMENT_S = 9;
const VERSION = 8;
const SOUND = 'sound';

/** The playlist of playlists: picture with sound, and sound alone for thin networks. Null where there is nothing to play yet. */
export function masterPlaylist(source: PlaylistSource): string | null {
  const shown = shownSegments(source);
  const video = trackFacts(source, shown, 'video');
  const audio = trackFacts(source, shown, 'audio');
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${VERSION}`, '#EXT-X-INDEPENDENT-SEGMENTS'];
  if (audio !== null) {
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${SOUND}",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,URI="audio.m3u8"`,
    );
  }
  if (video !== null) lines.push(streamInf([video, audio].filter(isFound), video), 'video.m3u8');
  if (audio !== null) lines.push(streamInf([audio], null), 'audio.m3u8');
  return video === null && audio === null ? null : text(lines);
}

interface TrackFacts {
  readonly kind: TrackKind;
  readonly codec: string;
  readonly size: string | null;
  /** Bits per second. */
  readonly peak: number;
  readonly average: number;
}

const isFound = (facts: TrackFacts | null): facts is TrackFacts => facts !== null;

function trackFacts(
  source: PlaylistSource,
  shown: readonly PlaylistSegment[],
  kind: TrackKind,
): TrackFacts | null {
  const segments = shown.filter(({ track }) => track === kind);
  const last = source.epochs.findLast(({ tracks }) => tracks[kind] !== undefined)?.tracks[kind];
  if (segments.length === 0 || last === undefined) return null;
  const bits = segments.reduce((sum, { bytes }) => sum + bytes * 8, 0);
  const ms = segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const rates = segments.map(({ bytes, durationMs }) => (bytes * 8_000) / durationMs);
  const isSized = last.width !== undefined && last.height !== undefined;
  return {
    kind,
    codec: last.codec,
    size: isSized ? `${last.width}x${last.height}` : null,
    peak: Math.ceil(rates.reduce((highest, rate) => Math.max(highest, rate), 0)),
    average: Math.ceil((bits * 1_000) / ms),
  };
}

function streamInf(tracks: readonly TrackFacts[], video: TrackFacts | null): string {
  const sum = (rate: 'peak' | 'average') => tracks.reduce((total, track) => total + track[rate], 0);
  const attributes = [
    `BANDWIDTH=${sum('peak')}`,
    `AVERAGE-BANDWIDTH=${sum('average')}`,
    `CODECS="${tracks.map(({ codec }) => codec).join(',')}"`,
    ...(video?.size == null ? [] : [`RESOLUTION=${video.size}`]),
    ...(video === null ? [] : ['CLOSED-CAPTIONS=NONE']),
    ...(tracks.some(({ kind }) => kind === 'audio') ? [`AUDIO="${SOUND}"`] : []),
  ];
  return `#EXT-X-STREAM-INF:${attributes.join(',')}`;
}

/** One line of a media playlist with its tags. */
interface Entry {
  readonly uri: string;
  /** Timeline ms. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Set on what was recorded; else it is a gap. */
  readonly epoch: number | null;
  readonly isDiscontinuous: boolean;
}

/**
 * One track's playlist. It keeps the length of the clock: what is missing stands there as EXT-X-GAP of the same length, in both
 * tracks alike, and each epoch after the first begins with EXT-X-DISCONTINUITY, also in a track that it does not have.
 */
export function mediaPlaylist(source: PlaylistSource, kind: TrackKind): string {
  const entries = layOut(source, kind);
  const lengths = entries.map((entry, i) => writtenMs(entry, source.isComplete ? entries[i + 1] : undefined));
  const longest = Math.max(1, Math.round(lengths.reduce((most, ms) => Math.max(most, ms), 0) / 1_000));
  let mapOf: number | null = null;
  const lines = entries.flatMap((entry, i) => {
    const needsMap = entry.epoch !== null && (entry.isDiscontinuous || entry.epoch !== mapOf);
    mapOf = entry.epoch ?? (entry.isDiscontinuous ? null : mapOf);
    return [
      ...(entry.isDiscontinuous ? ['#EXT-X-DISCONTINUITY'] : []),
      ...(needsMap ? [`#EXT-X-MAP:URI="i/${entry.epoch}/${kind}.mp4"`] : []),
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(source.zeroAtMs + entry.startMs).toISOString()}`,
      ...(entry.epoch === null ? ['#EXT-X-GAP'] : []),
      `#EXTINF:${((lengths[i] ?? 0) / 1_000).toFixed(3)},`,
      entry.uri,
    ];
  });
  return text([
    '#EXTM3U',
    `#EXT-X-VERSION:${VERSION}`,
    `#EXT-X-TARGETDURATION:${source.isComplete ? longest : LONGEST_SEGMENT_S}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${source.isComplete ? 'VOD' : 'EVENT'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...lines,
    ...(source.isComplete ? ['#EXT-X-ENDLIST'] : []),
  ]);
}

/** Up to the next line, so that rounded lengths do not add up to seconds over hours. A line that is published never changes. */
const writtenMs = ({ startMs, durationMs }: Entry, next: Entry | undefined): number =>
  next === undefined || next.startMs <= startMs || next.startMs - startMs - durationMs > CLOSED_HOLE_MS
    ? durationMs
    : next.startMs - startMs;

/** A track's lines along the timeline, without holes. */
function layOut(source: PlaylistSource, kind: TrackKind): Entry[] {
  const shown = shownSegments(source);
  const track = new TrackLayout(kind);
  for (const range of source.cut ?? spanOfAll(shown)) {
    track.jumpTo(range.fromMs);
    const inRange = shown.filter((segment) => overlaps(segment, [range]));
    const epochs = [...new Set(inRange.map(({ epoch }) => epoch))];
    for (const epoch of epochs) {
      const isGrowing = !source.isComplete && epoch === epochs.at(-1);
      track.addEpoch(
        inRange.filter((segment) => segment.epoch === epoch),
        isGrowing,
      );
    }
    if (source.isComplete) track.fillTo(range.toMs);
  }
  return track.entries;
}

/** Where the next line begins is `clockMs`, on the timeline. */
class TrackLayout {
  readonly entries: Entry[] = [];
  readonly #kind: TrackKind;
  #clockMs = 0;
  #epoch: number | null = null;
  #isDiscontinuous = false;

  constructor(kind: TrackKind) {
    this.#kind = kind;
  }

  /** A range begins; after another one, without the time between them. */
  jumpTo(fromMs: number): void {
    this.#isDiscontinuous = this.entries.length > 0;
    this.#epoch = null;
    this.#clockMs = fromMs;
  }

  /**
   * The segments of one epoch, of both tracks: the other one says when this one must begin and end.
   * @param isGrowing the other track may only be ahead: nothing is missing at the end
   */
  addEpoch(segments: readonly PlaylistSegment[], isGrowing: boolean): void {
    const [bounds] = spanOfAll(segments);
    const [first] = segments;
    if (bounds === undefined || first === undefined) return;
    this.fillTo(bounds.fromMs);
    if (this.#epoch !== null) this.#isDiscontinuous = true;
    this.#epoch = first.epoch;
    for (const segment of segments) {
      if (segment.track === this.#kind) this.#addSegment(segment);
    }
    if (!isGrowing) this.fillTo(bounds.toMs);
  }

  /** What is missing up to there, in pieces that the target duration allows. */
  fillTo(toMs: number): void {
    if (toMs - this.#clockMs <= CLOSED_HOLE_MS) return;
    while (this.#clockMs < toMs) {
      this.#add('gap', Math.min(LONGEST_SEGMENT_S * 1_000, toMs - this.#clockMs), null);
    }
  }

  #addSegment({ epoch, track, seq, startMs, durationMs }: PlaylistSegment): void {
    this.fillTo(startMs);
    this.#clockMs = startMs;
    this.#add(`s/${epoch}/${track}/${seq}.m4s`, durationMs, epoch);
  }

  #add(uri: string, durationMs: number, epoch: number | null): void {
    const isDiscontinuous = this.#isDiscontinuous;
    this.entries.push({ uri, startMs: this.#clockMs, durationMs, epoch, isDiscontinuous });
    this.#clockMs += durationMs;
    this.#isDiscontinuous = false;
  }
}

/** From the first start to the last end; nothing of nothing. */
function spanOfAll(segments: readonly PlaylistSegment[]): IntervalSet {
  const whole = hull(unite(segments.map(spanOf)));
  return whole === null ? [] : [whole];
}

const overlaps = (segment: PlaylistSegment, ranges: IntervalSet): boolean =>
  intersect([spanOf(segment)], ranges).length > 0;

/** What the cut shows of what is valid, epoch by epoch. */
function shownSegments({ segments, cut }: PlaylistSource): PlaylistSegment[] {
  const joined = joinEpochs(segments);
  return cut === null ? joined : joined.filter((segment) => overlaps(segment, cut));
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
