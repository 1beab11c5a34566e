import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Playback } from '@yike/contracts/http/viewing';
import type { ReplayReader } from './replay-reader.ts';

type Kind = 'video' | 'audio';

/** One track of one epoch, as a player got it. */
export interface DownloadedTrack {
  /** Init and all segments, one after another. */
  readonly file: string;
  /** Wall clock (unix ms) at which its first segment stands in the playlist. */
  readonly startsAtMs: number;
  /** What the playlist says of its length. */
  readonly durationMs: number;
}

/** What is between two epochs according to the playlist, ms. */
export interface DownloadedReplay {
  readonly master: string;
  readonly epochs: readonly {
    readonly epoch: number;
    readonly tracks: Partial<Record<Kind, DownloadedTrack>>;
  }[];
  /** EXT-X-GAP lines of each track, united: wall clock, unix ms. */
  readonly gaps: Readonly<Record<Kind, readonly { fromMs: number; toMs: number }[]>>;
}

interface Line {
  readonly uri: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly isGap: boolean;
  readonly map: string;
}

/** A gap in the playlist comes in pieces; they touch to the millisecond, as rounded. */
const TOUCHING_MS = 2;

/**
 * Downloads a replay as a player does: the playlist of playlists, both tracks' playlists, inits and segments, by redirects.
 * @throws Error where anything answers other than 200 in the end
 */
export async function downloadReplay(
  reader: ReplayReader,
  { playlistUrl }: Playback,
  folder: string,
): Promise<DownloadedReplay> {
  const get = async (uri: string): Promise<Buffer> => {
    const address = new URL(uri, new URL(playlistUrl ?? '', reader.origin));
    const response = await fetch(address, { headers: { cookie: reader.cookie } });
    if (!response.ok) throw new Error(`${uri} answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  };
  const master = (await get('')).toString();
  const epochs = new Map<number, Partial<Record<Kind, DownloadedTrack>>>();
  const gaps: Record<Kind, { fromMs: number; toMs: number }[]> = { video: [], audio: [] };
  for (const kind of ['video', 'audio'] as const) {
    if (!master.includes(`${kind}.m3u8`)) throw new Error(`the master playlist names no ${kind}`);
    const lines = parsePlaylist((await get(`${kind}.m3u8`)).toString());
    gaps[kind] = unitedGaps(lines);
    const byMap = Map.groupBy(
      lines.filter(({ isGap }) => !isGap),
      ({ map }) => map,
    );
    for (const [map, segments] of byMap) {
      const epoch = Number(/^i\/(\d+)\//.exec(map)?.[1]);
      const file = path.join(folder, `${epoch}-${kind}.mp4`);
      const bytes = [await get(map)];
      for (const { uri } of segments) bytes.push(await get(uri));
      writeFileSync(file, Buffer.concat(bytes));
      const track = {
        file,
        startsAtMs: segments[0]!.atMs,
        durationMs: segments.reduce((sum, { durationMs }) => sum + durationMs, 0),
      };
      epochs.set(epoch, { ...epochs.get(epoch), [kind]: track });
    }
  }
  return { master, epochs: [...epochs].map(([epoch, tracks]) => ({ epoch, tracks })), gaps };
}

/** The lines of a media playlist. @throws Error where the playlist has no end: it is not a replay yet */
export function parsePlaylist(playlist: string): Line[] {
  if (!playlist.includes('#EXT-X-ENDLIST')) throw new Error('the playlist has no end');
  const lines: Line[] = [];
  let [map, atMs, durationMs, isGap] = ['', 0, 0, false];
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-MAP:')) map = /URI="([^"]+)"/.exec(line)?.[1] ?? '';
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:'))
      atMs = Date.parse(line.slice(line.indexOf(':') + 1));
    else if (line === '#EXT-X-GAP') isGap = true;
    else if (line.startsWith('#EXTINF:')) durationMs = Math.round(Number.parseFloat(line.slice(8)) * 1000);
    else if (line !== '' && !line.startsWith('#')) {
      lines.push({ uri: line, atMs, durationMs, isGap, map });
      isGap = false;
    }
  }
  return lines;
}

function unitedGaps(lines: readonly Line[]): { fromMs: number; toMs: number }[] {
  const gaps: { fromMs: number; toMs: number }[] = [];
  for (const { atMs, durationMs } of lines.filter(({ isGap }) => isGap)) {
    const last = gaps.at(-1);
    if (last !== undefined && Math.abs(last.toMs - atMs) <= TOUCHING_MS) last.toMs = atMs + durationMs;
    else gaps.push({ fromMs: atMs, toMs: atMs + durationMs });
  }
  return gaps;
}
