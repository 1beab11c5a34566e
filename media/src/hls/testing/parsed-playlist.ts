/** A playlist as a player reads it. */
export interface ParsedEntry {
  readonly msn: number;
  readonly discontinuity: number;
  readonly map: string | null;
  readonly atMs: number;
  readonly isGap: boolean;
  readonly parts: readonly { readonly uri: string; readonly ms: number }[];
  /** Null while the segment grows. */
  readonly uri: string | null;
  readonly ms: number | null;
}

export interface ParsedPlaylist {
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly isEnded: boolean;
  readonly hint: string | null;
  readonly entries: readonly ParsedEntry[];
}

/**
 * @param before what the player has, to which a delta update is applied
 * @throws Error where the delta leaves out what the player does not have
 */
export function parsePlaylist(text: string, before?: ParsedPlaylist): ParsedPlaylist {
  const mediaSequence = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
  const discontinuitySequence = Number(/DISCONTINUITY-SEQUENCE:(\d+)/.exec(text)?.[1]);
  const skipped = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(text)?.[1] ?? 0);
  const entries: ParsedEntry[] = [];
  for (let at = 0; at < skipped; at += 1) {
    const known = before?.entries.find(({ msn }) => msn === mediaSequence + at);
    if (known === undefined) throw new Error(`${mediaSequence + at} was left out`);
    entries.push({ ...known, parts: [] });
  }
  let discontinuity = entries.at(-1)?.discontinuity ?? discontinuitySequence;
  let map = entries.at(-1)?.map ?? null;
  let atMs = 0;
  let ms: number | null = null;
  let isGap = false;
  let parts: { uri: string; ms: number }[] = [];
  const push = (uri: string | null): void => {
    const msn = mediaSequence + entries.length;
    entries.push({ msn, discontinuity, map: isGap ? null : map, atMs, isGap, parts, uri, ms });
    [parts, isGap, ms, atMs] = [[], false, null, 0];
  };
  for (const line of text.split('\n')) {
    const value = line.slice(line.indexOf(':') + 1);
    const uri = /URI="([^"]*)"/.exec(line)?.[1] ?? '';
    if (line === '#EXT-X-DISCONTINUITY') discontinuity += 1;
    else if (line.startsWith('#EXT-X-MAP')) map = uri;
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME')) atMs = Date.parse(value);
    else if (line === '#EXT-X-GAP') isGap = true;
    else if (line.startsWith('#EXT-X-PART:'))
      parts.push({ uri, ms: seconds(/DURATION=([\d.]+)/.exec(line)?.[1]) });
    else if (line.startsWith('#EXTINF')) ms = seconds(value.slice(0, -1));
    else if (line !== '' && !line.startsWith('#')) push(line);
  }
  if (atMs !== 0) push(null);
  const hint = /PRELOAD-HINT:TYPE=PART,URI="([^"]*)"/.exec(text)?.[1] ?? null;
  return { mediaSequence, discontinuitySequence, isEnded: text.includes('#EXT-X-ENDLIST'), hint, entries };
}

const seconds = (text: string | undefined): number => Math.round(Number(text) * 1_000);
