/** `…/s/` are recordings, `…/hls/<broadcast>/<key>/` live lectures, whose segments also come part by part. */
const MEDIA =
  /(?:^|\/)(?:s|hls\/[^/]+\/[^/]+)\/(?<epoch>\d{1,7})\/(?<track>video|audio)\/(?<seq>\d{1,6})(?:\.(?<part>\d{1,4}))?\.m4s$/;

/** A whole segment, or one of its parts by number. */
export interface NamedMedia {
  /** The name by which a beat proves it, `<epoch>/<track>/<seq>`. */
  readonly segment: string;
  readonly part: number | null;
}

/** What an address in a playlist holds. Undefined for anything else: playlists, initialisation segments. */
export function mediaNameOf(url: string): NamedMedia | undefined {
  const { epoch, track, seq, part } = MEDIA.exec(url.split(/[?#]/, 1)[0] ?? '')?.groups ?? {};
  if (track === undefined) return undefined;
  return {
    segment: `${Number(epoch)}/${track}/${Number(seq)}`,
    part: part === undefined ? null : Number(part),
  };
}

/** The name of a whole segment's address; undefined for parts and anything else. */
export function segmentNameOf(url: string): string | undefined {
  const media = mediaNameOf(url);
  return media?.part === null ? media.segment : undefined;
}
