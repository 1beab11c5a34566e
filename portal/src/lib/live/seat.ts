import type { BroadcastId } from '@yike/contracts/ids';
import { problem } from '@yike/contracts/problem';
import { ApiProblem } from '#lib/api/call.ts';
import { hlsPlayerOf } from '#lib/player/hls-source.ts';
import type { MediaState } from '#lib/player/media-state.svelte.ts';
import type { ViewingLink } from '#lib/viewing/viewing-link.ts';
import { type TrackedPlayer, ViewingTracker } from '#lib/viewing/viewing-tracker.svelte.ts';
import type { Packets } from './choke-watch.ts';
import type { Feed, FeedListener } from './feed.ts';
import { HlsFeed } from './hls-feed.ts';
import type { LineState } from './line-rule.ts';
import { RtcFeed } from './rtc-feed.ts';

/** What is to be watched, and with what. */
export interface SeatOptions {
  readonly video: HTMLVideoElement;
  readonly media: MediaState;
  readonly broadcastId: BroadcastId;
  readonly link: ViewingLink;
  readonly listener: FeedListener & { readonly onLeaseLost: () => void };
}

export type WantedFeed = Pick<LineState, 'way' | 'hasPicture'>;

/** One way of watching a broadcast, with the playback session that counts it. Several may be open, one of them is shown. */
export class Seat implements TrackedPlayer {
  #wanted: WantedFeed;
  readonly #options: SeatOptions;
  #tracker: ViewingTracker | undefined;
  #feed: Feed | undefined;
  #isShown = false;
  #progress = 0;

  private constructor(wanted: WantedFeed, options: SeatOptions) {
    this.#wanted = wanted;
    this.#options = options;
  }

  /**
   * Opens the session and begins to fetch, as far as that goes without the element.
   * @throws {ApiProblem}
   */
  static async open(wanted: WantedFeed, options: SeatOptions): Promise<Seat> {
    const { video, broadcastId, link, listener } = options;
    const { way, hasPicture } = wanted;
    const seat = new Seat(wanted, options);
    if (way === 'webrtc') {
      seat.#tracker = await ViewingTracker.open({ mode: 'webrtc', broadcastId }, link, seat);
      seat.#feed = seat.#receive(hasPicture);
      return seat;
    }
    const player = await hlsPlayerOf(video);
    if (player === null) throw new ApiProblem(problem('codec-not-supported'));
    const tracker = await ViewingTracker.open({ mode: 'll-hls', broadcastId, player }, link, seat);
    const onSegment = tracker.prove.bind(tracker);
    seat.#tracker = tracker;
    seat.#feed = new HlsFeed({ video, playback: tracker.playback, hasPicture, onSegment, listener });
    return seat;
  }

  get wanted(): WantedFeed {
    return this.#wanted;
  }

  get tracker(): ViewingTracker {
    if (this.#tracker === undefined) throw new Error('a seat has its session from the beginning');
    return this.#tracker;
  }

  get feed(): Feed {
    if (this.#feed === undefined) throw new Error('a seat has its feed from the beginning');
    return this.#feed;
  }

  async show(): Promise<void> {
    this.#isShown = true;
    await this.feed.show();
    this.tracker.observe();
  }

  /**
   * WebRTC goes on with the sound alone, in the same session. The picture goes first: it may be what keeps the line from carrying anything else.
   */
  async leaveOutPicture(): Promise<void> {
    this.#wanted = { way: 'webrtc', hasPicture: false };
    this.feed.close();
    this.#feed = this.#receive(false);
    this.#progress = 0;
    if (this.#isShown) await this.#feed.show();
    this.tracker.observe();
  }

  /** Whether media arrived since this was asked last, and the packets of it. */
  async ask(): Promise<{ hasMediaCome: boolean; packets: Packets | undefined }> {
    const before = this.#progress;
    const { arrived, packets } = await this.feed.progress();
    this.#progress = arrived;
    return { hasMediaCome: arrived > before, packets };
  }

  look(): ReturnType<TrackedPlayer['look']> {
    const { media } = this.#options;
    const inPictureInPicture = media.isInPictureInPicture;
    if (!this.#isShown || this.#feed === undefined)
      return { did: 'paused', mediaMs: null, inPictureInPicture };
    const { isThere, mediaMs } = this.#feed.look();
    return { did: media.did === 'played' && !isThere ? 'stalled' : media.did, mediaMs, inPictureInPicture };
  }

  leaseLost(): void {
    this.#options.listener.onLeaseLost();
  }

  /** Leaves the element free at once; the last words to the server follow. */
  async close(): Promise<void> {
    this.#tracker?.observe();
    this.#isShown = false;
    this.#feed?.close();
    await this.#tracker?.close();
  }

  #receive(hasPicture: boolean): RtcFeed {
    const { video, broadcastId, listener } = this.#options;
    const playbackId = this.tracker.playback.id;
    return new RtcFeed({ video, broadcastId, hasPicture, playbackId, listener });
  }
}
