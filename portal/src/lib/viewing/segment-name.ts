const SEGMENT = /(?:^|\/)s\/(\d{1,7})\/(video|audio)\/(\d{1,6})\.m4s$/;

/**
 * The name by which a beat proves a segment, `<epoch>/<track>/<seq>`, out of its address in the playlist
 * (`…/s/<epoch>/<track>/<seq>.m4s`). Undefined for anything else: playlists, initialisation segments.
 */
export function segmentNameOf(url: string): string | undefined {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const match = SEGMENT.exec(path);
  return match === null ? undefined : match.slice(1).map(plainNumber).join('/');
}

const plainNumber = (part: string): string => (/^\d+$/.test(part) ? String(Number(part)) : part);
