import type { TrackKind } from '@yike/contracts/control/manifest';
import { parsePlaylist, type ParsedPlaylist } from './parsed-playlist.ts';

/** A part as it came. */
export interface LoadedPart {
  readonly msn: number;
  readonly part: number;
  /** `<epoch>/<track>/<seq>` */
  readonly segment: string;
  /** Wall clock of the part's last instant, by the playlist. */
  readonly mediaEndAtMs: number;
  readonly loadedAtMs: number;
  readonly bytes: Buffer;
}

type NamedPart = Omit<LoadedPart, 'bytes' | 'loadedAtMs'> & { readonly uri: string };

/** A player at the live edge without a decoder: blocking reloads by delta updates, and each part once it is named. */
export class LivePlayer {
  readonly parts: LoadedPart[] = [];
  readonly #url: URL;
  #last: ParsedPlaylist | undefined;
  #isStopped = false;

  /** @param url of the playlist of playlists */
  constructor(url: string, kind: TrackKind) {
    this.#url = new URL(url);
    this.#url.pathname = this.#url.pathname.replace('index.m3u8', `${kind}.m3u8`);
  }

  get playlist(): ParsedPlaylist | undefined {
    return this.#last;
  }

  /** Follows the live edge until the broadcast ends or it is stopped. @throws Error for an answer that is none */
  async follow(): Promise<void> {
    while (!this.#isStopped && this.#last?.isEnded !== true) {
      this.#last = await this.#reload();
      await Promise.all(this.#newParts(this.#last).map((part) => this.#load(part)));
      this.parts.sort((a, b) => a.msn - b.msn || a.part - b.part);
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** How late the parts came, after the last instant of their media, in ms: sorted. */
  get latenciesMs(): number[] {
    return this.parts.map(({ loadedAtMs, mediaEndAtMs }) => loadedAtMs - mediaEndAtMs).sort((a, b) => a - b);
  }

  async #reload(): Promise<ParsedPlaylist> {
    const url = new URL(this.#url);
    const last = this.#last?.entries.at(-1);
    if (last) {
      const isWhole = last.uri !== null;
      url.searchParams.set('_HLS_msn', String(isWhole ? last.msn + 1 : last.msn));
      url.searchParams.set('_HLS_part', String(isWhole ? 0 : last.parts.length));
      url.searchParams.set('_HLS_skip', 'YES');
    }
    const reply = await fetch(url);
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${reply.status} ${text}`);
    return parsePlaylist(text, this.#last);
  }

  #newParts({ entries }: ParsedPlaylist): NamedPart[] {
    return entries.flatMap(({ msn, atMs, parts }) => {
      let mediaEndAtMs = atMs;
      return parts.flatMap(({ uri, ms }, part) => {
        mediaEndAtMs += ms;
        const isKnown = this.parts.some((known) => known.msn === msn && known.part === part);
        const segment = uri
          .split('/')
          .slice(1)
          .join('/')
          .replace(/\.\d+\.m4s$/, '');
        return isKnown ? [] : [{ msn, part, segment, mediaEndAtMs, uri }];
      });
    });
  }

  async #load({ uri, ...facts }: NamedPart): Promise<void> {
    const reply = await fetch(new URL(uri, this.#url));
    if (!reply.ok) throw new Error(`${reply.status} for ${uri}`);
    const bytes = Buffer.from(await reply.arrayBuffer());
    this.parts.push({ ...facts, bytes, loadedAtMs: Date.now() });
  }
}
