/** The texts of low-latency HLS: one track's media playlist, and the playlist of playlists. */
import type { TrackKind } from '@yike/contracts/control/manifest';
import type { LiveEntry, LiveSegment, LiveTrack } from './live-track.ts';

export interface PlaylistForm {
  readonly kind: TrackKind;
  /** Wall clock of timeline 0, ms since 1970. */
  readonly zeroAtMs: number;
  /** The folder of the media, relative to the playlist. */
  readonly folder: string;
  /** What each media address carries behind it: nothing, or a query. */
  readonly query: string;
  /** A delta update: what the player must have already is left out. */
  readonly isDelta: boolean;
}

/** EXT-X-SKIP needs version 9. */
const VERSION = 9;
/** Of the second edition's draft: a delta update leaves out nothing younger; a player holds back from the end. */
const SKIP_AFTER_TARGETS = 6;
const HOLD_BACK_PARTS = 3;

/** A gap's address; nobody asks for it. */
const NOTHING = 'gap.m4s';

/**
 * A media playlist without its first line (`#EXTM3U`), so that a line for one viewer may stand before it. All viewers of a track share it.
 */
export function livePlaylist(track: LiveTrack, form: PlaylistForm): string {
  const { entries } = track;
  const first = entries[0];
  const skipped = form.isDelta ? skippable(track) : 0;
  const lines = [...head(track), `#EXT-X-MEDIA-SEQUENCE:${first?.msn ?? 0}`];
  lines.push(
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first === undefined ? 0 : first.ordinal - first.discontinuities}`,
  );
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  const endMs = entries.at(-1)?.endMs ?? 0;
  let mapOf: number | null = null;
  for (const entry of entries.slice(skipped)) {
    const isMapped = entry.type === 'gap' || entry.of.epoch === mapOf;
    if (entry.type === 'segment') mapOf = entry.of.epoch;
    lines.push(
      ...entryLines(entry, form, { isMapped, hasParts: endMs - entry.endMs <= track.policy.partsMs }),
    );
  }
  lines.push(...tail(track, form));
  return `${lines.join('\n')}\n`;
}

function head(track: LiveTrack): string[] {
  const { targetMs, partTargetMs } = track.policy;
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `PART-HOLD-BACK=${seconds(partTargetMs * HOLD_BACK_PARTS)}`,
    `CAN-SKIP-UNTIL=${seconds(targetMs * SKIP_AFTER_TARGETS)}`,
  ];
  return [
    `#EXT-X-VERSION:${VERSION}`,
    `#EXT-X-TARGETDURATION:${Math.round(targetMs / 1_000)}`,
    `#EXT-X-SERVER-CONTROL:${control.join(',')}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partTargetMs)}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
  ];
}

function tail(track: LiveTrack, form: PlaylistForm): string[] {
  if (track.isEnded) return ['#EXT-X-ENDLIST'];
  const next = track.nextPart;
  if (next === null) return [];
  return [`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partAddress(next.segment, next.part, form)}"`];
}

/** How many segments lie wholly before the skip boundary. The last one never does. */
function skippable({ entries, policy }: LiveTrack): number {
  const boundaryMs = (entries.at(-1)?.endMs ?? 0) - policy.targetMs * SKIP_AFTER_TARGETS;
  const kept = entries.findIndex(({ endMs }) => endMs > boundaryMs);
  return Math.max(0, kept);
}

function entryLines(
  entry: LiveEntry,
  form: PlaylistForm,
  { isMapped, hasParts }: { isMapped: boolean; hasParts: boolean },
): string[] {
  const lines = Array.from({ length: entry.discontinuities }, () => '#EXT-X-DISCONTINUITY');
  if (entry.type === 'segment' && !isMapped) {
    lines.push(`#EXT-X-MAP:URI="${address(entry.of.epoch, 'init.mp4', form)}"`);
  }
  lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(form.zeroAtMs + entry.startMs).toISOString()}`);
  const length = `#EXTINF:${seconds(entry.endMs - entry.startMs)},`;
  if (entry.type === 'gap') return [...lines, '#EXT-X-GAP', length, NOTHING];
  if (hasParts && !entry.isRestored) lines.push(...entry.parts.map((_, part) => partLine(entry, part, form)));
  if (entry.isWhole) lines.push(length, address(entry.of.epoch, `${entry.seq}.m4s`, form));
  return lines;
}

function partLine(segment: LiveSegment, part: number, form: PlaylistForm): string {
  const { durationMs = 0, independent = false } = segment.parts[part] ?? {};
  const attributes = `DURATION=${seconds(durationMs)},URI="${partAddress(segment, part, form)}"`;
  return `#EXT-X-PART:${attributes}${independent ? ',INDEPENDENT=YES' : ''}`;
}

const partAddress = ({ of, seq }: LiveSegment, part: number, form: PlaylistForm): string =>
  address(of.epoch, `${seq}.${part}.m4s`, form);

const address = (epoch: number, file: string, { folder, kind, query }: PlaylistForm): string =>
  `${folder}/${epoch}/${kind}/${file}${query}`;

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

/** Where the other track stands, for players that change over to it. */
export function renditionReport(uri: string, { position }: LiveTrack): string {
  if (position === null) return '';
  const part = position.part < 0 ? '' : `,LAST-PART=${position.part}`;
  return `#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${position.msn}${part}\n`;
}

/**
 * The playlist of playlists: picture with sound, and sound alone for thin networks; sound alone where the running epoch has no picture.
 * @param query what the playlists' addresses carry: the viewer's ticket
 */
export function multivariantPlaylist(tracks: Partial<Record<TrackKind, LiveTrack>>, query: string): string {
  const video = tracks.video && ratesOf(tracks.video);
  const audio = tracks.audio && ratesOf(tracks.audio);
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${VERSION}`, '#EXT-X-INDEPENDENT-SEGMENTS'];
  if (audio) {
    const names = 'GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES';
    lines.push(`#EXT-X-MEDIA:TYPE=AUDIO,${names},URI="audio.m3u8${query}"`);
  }
  const sound = audio ? ',AUDIO="sound"' : '';
  if (video) {
    const size = video.size === null ? '' : `,RESOLUTION=${video.size.width}x${video.size.height}`;
    // Said outright, or players look for captions in segments that are not written yet.
    const attributes = `${size},CLOSED-CAPTIONS=NONE${sound}`;
    lines.push(`${streamInf(audio ? [video, audio] : [video])}${attributes}`, `video.m3u8${query}`);
  }
  if (audio) lines.push(`${streamInf([audio])}${sound}`, `audio.m3u8${query}`);
  return `${lines.join('\n')}\n`;
}

/** Bits per second of what the window holds. */
interface Rates {
  readonly codec: string;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly peak: number;
  readonly average: number;
}

function ratesOf({ entries, epoch }: LiveTrack): Rates {
  const segments = entries.flatMap((entry) => {
    if (entry.type === 'gap' || entry.endMs === entry.startMs) return [];
    const bits = entry.parts.reduce((sum, { bytes }) => sum + bytes.length * 8, 0);
    return [{ bits, ms: entry.endMs - entry.startMs }];
  });
  const bits = segments.reduce((sum, segment) => sum + segment.bits, 0);
  const ms = segments.reduce((sum, segment) => sum + segment.ms, 0);
  const peak = segments.reduce((most, segment) => Math.max(most, (segment.bits * 1_000) / segment.ms), 1);
  return {
    codec: epoch?.codec ?? '',
    size: epoch?.size ?? null,
    peak: Math.ceil(peak),
    average: Math.ceil((bits * 1_000) / Math.max(1, ms)),
  };
}

function streamInf(tracks: readonly Rates[]): string {
  const sum = (rate: 'peak' | 'average'): number => tracks.reduce((total, track) => total + track[rate], 0);
  const codecs = tracks.map(({ codec }) => codec).join(',');
  return `#EXT-X-STREAM-INF:BANDWIDTH=${sum('peak')},AVERAGE-BANDWIDTH=${sum('average')},CODECS="${codecs}"`;
}
