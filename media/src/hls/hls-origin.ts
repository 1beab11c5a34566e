import { Injectable } from '@nestjs/common';
import type { TrackKind } from '@yike/contracts/control/manifest';
import { Broadcasts } from '../control/broadcasts.ts';
import { multivariantPlaylist, renditionReport } from '../core/live-playlist.ts';
import type { LivePart, LiveSegment } from '../core/live-track.ts';
import { Refusal } from '../platform/refusal.ts';
import { Rooms } from '../sfu/rooms.ts';
import { Tickets, type WatchClaims } from '../sfu/tickets.ts';
import { fileOf, type MediaPath, type PlaylistQuery } from './addresses.ts';
import type { LiveBroadcast } from './live-broadcast.ts';
import { LiveBroadcasts } from './live-broadcasts.ts';
import type { Outcome } from './waiting.ts';
import { WatchTickets } from './watch-tickets.ts';

/** A new broadcast has nothing to play yet. */
const FIRST_WITHIN_MS = 6_000;
/** Players give up a request after 10 s without an answer; a recorder is back after a second or two. */
const NEXT_WITHIN_MS = 8_000;
const RETRY_AFTER_S = 1;

/** Bytes to send as they lie in memory, one after the other. */
export interface MediaAnswer {
  readonly kind: TrackKind;
  readonly chunks: readonly Uint8Array[];
  /** For one viewer; else any cache may keep it. */
  readonly isPrivate: boolean;
  /** To be called when it was sent. */
  readonly sent: () => void;
}

/** Low-latency HLS of the running broadcasts: who may have what, and when. HTTP is its routes' business. */
@Injectable()
export class HlsOrigin {
  readonly #tickets: WatchTickets;
  readonly #broadcasts: Broadcasts;
  readonly #rooms: Rooms;
  readonly #live: LiveBroadcasts;

  constructor(tickets: Tickets, broadcasts: Broadcasts, rooms: Rooms, live: LiveBroadcasts) {
    this.#tickets = new WatchTickets(tickets);
    this.#broadcasts = broadcasts;
    this.#rooms = rooms;
    this.#live = live;
  }

  /**
   * The playlist of playlists, as soon as there is something to play.
   * @throws Refusal `token-invalid`; `service-unavailable` while there is nothing; as {@link Broadcasts.roomFor}
   */
  async multivariant(broadcastId: string, query: PlaylistQuery, gone: AbortSignal): Promise<string> {
    const claims = await this.#admit(broadcastId, query.ticket);
    const live = this.#find(broadcastId);
    refuseUnmet(await live.untilPlayable(FIRST_WITHIN_MS, gone));
    return this.#tell(claims, multivariantPlaylist(live.playable ?? {}, `?ticket=${query.ticket}`));
  }

  /**
   * A track's playlist: at once, or when it has the part that the player wants next. Where that does not come, the playlist as it is.
   * @throws Refusal `invalid-request` where the player wants what lies too far ahead; `not-found` for a track that there is not;
   *   and as {@link multivariant}
   */
  async playlist(
    broadcastId: string,
    kind: TrackKind,
    query: PlaylistQuery,
    gone: AbortSignal,
  ): Promise<string> {
    const claims = await this.#admit(broadcastId, query.ticket);
    const live = this.#find(broadcastId);
    const track = live.track(kind);
    if (live.lacks(kind)) throw new Refusal('not-found', `there is no ${kind}`);
    const { _HLS_msn: msn, _HLS_part: part } = query;
    refuseUnmet(await live.until(kind, () => track.position !== null, FIRST_WITHIN_MS, gone));
    if (msn !== undefined) {
      if (track.isTooFar(msn)) throw new Refusal('invalid-request', `segment ${msn} lies too far ahead`);
      const outcome = await live.until(kind, () => track.has(msn, part), NEXT_WITHIN_MS, gone);
      if (outcome !== 'late') refuseUnmet(outcome);
    }
    return this.#tell(claims, this.#text(live, kind, query, claims));
  }

  /**
   * Media by its name. The part that the playlist has announced is waited for.
   * @throws Refusal `not-found`; `token-invalid` for a bad ticket
   */
  async media(path: MediaPath, ticket: string | undefined, gone: AbortSignal): Promise<MediaAnswer> {
    const { broadcastId, key, epoch, track: kind } = path;
    const live = this.#live.find(broadcastId);
    if (live?.isKey(key) !== true) throw new Refusal('not-found');
    const claims = ticket === undefined ? undefined : await this.#admit(broadcastId, ticket);
    const isPrivate = claims !== undefined;
    const file = fileOf(path.file);
    if (file === 'init') {
      const init = live.track(kind).init(epoch);
      if (!init) throw new Refusal('not-found');
      return { kind, chunks: [init], isPrivate, sent: () => undefined };
    }
    const { seq, part } = file;
    if (part !== null) await this.#awaitHinted(live, { kind, epoch, seq, part }, gone);
    const segment = live.segment(kind, epoch, seq);
    const parts = segment ? partsOf(segment, part) : [];
    if (!segment || parts.length === 0) throw new Refusal('not-found');
    const chunks = parts.map(({ bytes }) => bytes);
    const ms = (some: readonly LivePart[]): number =>
      some.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const fromMs = segment.startMs + ms(segment.parts.slice(0, part ?? 0));
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    const sent = (): void => this.#count(claims, { fromMs, toMs: fromMs + ms(parts), bytes });
    return { kind, chunks, isPrivate, sent };
  }

  async #awaitHinted(
    live: LiveBroadcast,
    { kind, epoch, seq, part }: { kind: TrackKind; epoch: number; seq: number; part: number },
    gone: AbortSignal,
  ): Promise<void> {
    const isHinted = (): boolean => {
      const next = live.track(kind).nextPart;
      return next?.segment.of.epoch === epoch && next.segment.seq === seq && next.part === part;
    };
    if (isHinted()) await live.until(kind, () => !isHinted(), NEXT_WITHIN_MS, gone);
  }

  #text(live: LiveBroadcast, kind: TrackKind, query: PlaylistQuery, { counted }: WatchClaims): string {
    // A counted viewer's ticket stands once in his playlist, and each address names it.
    const head = counted === true ? `#EXT-X-DEFINE:NAME="ticket",VALUE="${query.ticket}"\n` : '';
    const body = live.playlist(kind, {
      query: counted === true ? '?ticket={$ticket}' : '',
      isDelta: query._HLS_skip !== undefined,
    });
    const other = kind === 'video' ? 'audio' : 'video';
    const report = live.track(kind).isEnded
      ? ''
      : renditionReport(`${other}.m3u8?ticket=${query.ticket}`, live.track(other));
    return `#EXTM3U\n${head}${body}${report}`;
  }

  async #admit(broadcastId: string, ticket: string): Promise<WatchClaims> {
    const claims = await this.#tickets.read(ticket);
    if (claims.broadcastId !== broadcastId)
      throw new Refusal('token-invalid', 'a ticket to another broadcast');
    return claims;
  }

  #find(broadcastId: string): LiveBroadcast {
    const live = this.#live.find(broadcastId);
    if (live) return live;
    this.#broadcasts.roomFor(broadcastId);
    throw nothingYet();
  }

  /** He was told: he watches. */
  #tell({ broadcastId, playbackId, counted }: WatchClaims, text: string): string {
    const audience = this.#rooms.find(broadcastId)?.audience;
    if (counted === true) audience?.seen(playbackId, Date.now());
    else audience?.reloaded(playbackId, text.length, Date.now());
    return text;
  }

  #count(claims: WatchClaims | undefined, media: { fromMs: number; toMs: number; bytes: number }): void {
    if (claims?.counted !== true) return;
    this.#rooms.find(claims.broadcastId)?.audience.served(claims.playbackId, media, Date.now());
  }
}

/** All parts of a whole segment (`part` null), or one part; none where it is not there yet. */
function partsOf({ parts, isWhole }: LiveSegment, part: number | null): readonly LivePart[] {
  if (part !== null) return parts.slice(part, part + 1);
  return isWhole ? parts : [];
}

const nothingYet = (): Refusal =>
  new Refusal('service-unavailable', 'there is nothing to play yet', { retryAfterSeconds: RETRY_AFTER_S });

/** @throws Refusal for who waited in vain */
function refuseUnmet(outcome: Outcome): void {
  if (outcome === 'met') return;
  if (outcome === 'late') throw nothingYet();
  throw new Refusal('service-unavailable', 'too many wait', { retryAfterSeconds: RETRY_AFTER_S });
}
