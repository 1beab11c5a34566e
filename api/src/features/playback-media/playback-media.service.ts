import { Inject, Injectable } from '@nestjs/common';
import type { TrackKind } from '@yike/contracts/control/manifest';
import type { Locale } from '@yike/contracts/http/accounts';
import type { LineageId, UserId } from '@yike/contracts/ids';
import type { ObjectStore } from '@yike/storage/object-store';
import { NotFound } from '../../domain/domain-error.ts';
import { captionsWithin } from '../../domain/captions.ts';
import { intersect } from '../../domain/intervals.ts';
import { masterPlaylist, mediaPlaylist, type PlaylistSource } from '../../domain/playlists.ts';
import { Clock } from '../../platform/clock.ts';
import { ExpiringMap } from '../../platform/expiring-map.ts';
import { OBJECT_STORE } from '../../platform/tokens.ts';
import { CaptionsService } from '../timelines/captions.service.ts';
import { type IndexedSegment, SegmentIndex, segmentName } from '../timelines/segment-index.ts';
import { TimelinesService } from '../timelines/timelines.service.ts';
import { KnownPlaybacks, type ShownTokens } from './known-playbacks.ts';
import { PlaybackDirectory, type PlaybackGrant } from './playback-directory.ts';
import { SegmentRequestSink } from './segment-request-sink.ts';

/** A segment's address stays the same for an hour, so that caches keep what they have. */
const WINDOW_SECONDS = 3_600;
const MOST_ADDRESSES = 100_000;
const TOKEN = /^[\w-]{43}$/;

/** Whose request it is: the token in the address, and the person behind the session cookie. */
export interface MediaCaller {
  readonly token: string;
  readonly userId: UserId | null;
  /** Of the person; its token is what the cookie holds. */
  readonly session: { readonly token: string; readonly id: string } | null;
}

export interface SegmentPlace {
  readonly epoch: number;
  readonly track: TrackKind;
  readonly seq: number;
}

/** Playlists and addresses of segments, for the resident whose playback session it is, and for nobody else. */
@Injectable()
export class PlaybackMediaService {
  private readonly addresses = new ExpiringMap<string>(MOST_ADDRESSES);

  constructor(
    private readonly playbacks: PlaybackDirectory,
    private readonly requests: SegmentRequestSink,
    private readonly timelines: TimelinesService,
    private readonly segments: SegmentIndex,
    private readonly known: KnownPlaybacks,
    private readonly captionFiles: CaptionsService,
    private readonly clock: Clock,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** @throws NotFound, also where there is nothing to play yet */
  async master(caller: MediaCaller): Promise<string> {
    const playlist = masterPlaylist(await this.source(caller));
    if (playlist === null) throw new NotFound('there is nothing to play yet');
    return playlist;
  }

  /** @throws NotFound */
  async track(caller: MediaCaller, kind: TrackKind): Promise<string> {
    return mediaPlaylist(await this.source(caller), kind);
  }

  /** A presigned address of the segment, and a note that this playback has asked for it. @throws NotFound */
  async segmentUrl(caller: MediaCaller, place: SegmentPlace, storageOrigin: string): Promise<string> {
    const grant = await this.grant(caller);
    const segment = await this.segment(grant.lineageId, segmentName(place));
    if (!isShown(segment, grant)) throw new NotFound('the segment is not of this unit');
    const { token, session } = caller;
    if (session !== null)
      this.known.keepGrant({ session: session.token, playback: token }, grant, session.id);
    return this.lead(grant, segment, storageOrigin);
  }

  /** The same without a question to the database; null where it must be asked. */
  segmentUrlAtOnce(tokens: ShownTokens, name: string, storageOrigin: string): string | null {
    const grant = this.known.grant(tokens);
    const segment = grant && this.known.segment(grant.lineageId, name);
    if (grant === undefined || segment === undefined || !isShown(segment, grant)) return null;
    return this.lead(grant, segment, storageOrigin);
  }

  /** A presigned address of the epoch's init segment. @throws NotFound */
  async initUrl(
    caller: MediaCaller,
    place: Omit<SegmentPlace, 'seq'>,
    storageOrigin: string,
  ): Promise<string> {
    const { lineageId } = await this.grant(caller);
    const key = await this.timelines.initKey(lineageId, place.epoch, place.track);
    if (key === null) throw new NotFound('there is no such epoch');
    return this.addressOf(key, storageOrigin);
  }

  /** What is said in what the session shows, as WebVTT on the timeline's clock. @throws NotFound */
  async captions(caller: MediaCaller, language: Locale): Promise<string> {
    const { lineageId, cut } = await this.grant(caller);
    return captionsWithin(await this.captionFiles.read(lineageId, language), cut);
  }

  /** Takes note of the request. Gives the segment's address. */
  private lead({ playbackId, openedAtMs }: PlaybackGrant, segment: IndexedSegment, origin: string): string {
    const { name, startMs, endMs, objectKey } = segment;
    const media = { fromMs: startMs, toMs: endMs };
    this.requests.requested({ playbackId, openedAtMs, segment: name, media, atMs: this.clock.nowMs() });
    return this.addressOf(objectKey, origin);
  }

  private async source(caller: MediaCaller): Promise<PlaylistSource> {
    const { lineageId, cut } = await this.grant(caller);
    const media = await this.timelines.media(lineageId);
    if (media === null) throw new NotFound('there is no such recording');
    const { facts, epochs, segments } = media;
    return { epochs, segments, cut, zeroAtMs: facts.zeroAtMs ?? 0, isComplete: facts.isFinal };
  }

  private async segment(lineageId: LineageId, name: string): Promise<IndexedSegment> {
    const known = this.known.segment(lineageId, name);
    if (known !== undefined) return known;
    const found = (await this.segments.find(lineageId, [name])).get(name);
    if (found === undefined) throw new NotFound('there is no such segment');
    this.known.keepSegment(lineageId, found);
    return found;
  }

  /** One answer for a token that is none, is unknown, is closed, or is another's. */
  private async grant({ token, userId }: MediaCaller): Promise<PlaybackGrant> {
    const grant = TOKEN.test(token) && userId !== null ? await this.playbacks.byToken(token) : null;
    if (grant?.userId !== userId) throw new NotFound('there is no such playback');
    return grant;
  }

  /** Signing costs more than all the rest, and gives the same address for a whole window. */
  private addressOf(key: string, publicUrl: string): string {
    const nowMs = Date.now(); // The signer's clock.
    const known = this.addresses.get(`${publicUrl} ${key}`, nowMs);
    if (known !== undefined) return known;
    const address = this.store.presignGet(key, {
      publicUrl,
      expiresInSeconds: WINDOW_SECONDS,
      windowSeconds: WINDOW_SECONDS,
    });
    const windowMs = WINDOW_SECONDS * 1_000;
    this.addresses.set(`${publicUrl} ${key}`, address, (Math.floor(nowMs / windowMs) + 1) * windowMs);
    return address;
  }
}

const isShown = ({ startMs, endMs }: IndexedSegment, { cut }: PlaybackGrant): boolean =>
  cut === null || intersect([{ fromMs: startMs, toMs: endMs }], cut).length > 0;
