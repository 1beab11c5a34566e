import type { OpenPlayback, ViewingSummary } from '@yike/contracts/http/viewing';
import type { ProblemCode } from '@yike/contracts/problem';
import { ApiProblem } from '#lib/api/call.ts';
import { segmentNameOf } from '#lib/viewing/segment-name.ts';
import type { ViewingLink } from '#lib/viewing/viewing-link.ts';
import { type TrackedPlayer, ViewingTracker } from '#lib/viewing/viewing-tracker.svelte.ts';
import { attachHls, type HlsSource, type SourceFailure } from './hls-source.ts';
import { MediaState } from './media-state.svelte.ts';
import { type Gap, gapAt, gapsOf, type MappedFragment, timelineMsAt } from './timeline-map.ts';

/** `ready`: nothing was asked of the server yet; `opening`: Play was pressed; `lost`: another device plays now. */
export type PlayerPhase = 'ready' | 'opening' | 'open' | 'lost' | 'failed';
export type PlayerFailure = SourceFailure | ProblemCode;

/** So near its end a unit begins anew instead of resuming. Seconds. */
const NEARLY_OVER = 5;
/** Behind a hole a little further, so that rounding does not lead back into it. Seconds. */
const BEHIND_GAP = 0.05;
/** The most that one track may outlast the other (seconds: a segment), and how long it may wait before that is the end. */
const LONGEST_OVERHANG = 9;
const OVERHANG_WAIT_MS = 1_500;
/** A shorter hole is hopped over without a word. Seconds. */
const WORTH_TELLING = 1.5;

/** A recording in a video element, from the press of Play on: session, lease, segments, holes, and what is told of it. */
export class HlsPlayer implements TrackedPlayer {
  readonly media: MediaState;
  readonly #video: HTMLVideoElement;
  readonly #request: OpenPlayback;
  readonly #link: () => Promise<ViewingLink>;
  #tracker = $state.raw<ViewingTracker>();
  #source: HlsSource | undefined;
  #phase = $state<PlayerPhase>('ready');
  #failure = $state.raw<PlayerFailure>();
  #fragments = $state.raw<readonly MappedFragment[]>([]);
  #gaps = $state.raw<readonly Gap[]>([]);
  #hopped = $state.raw<Gap>();
  #hasPlayedOut = $state(false);
  #provesSegments = $state(true);
  /** Seconds; where to begin, rather than where the resident left off. */
  #beginAt: number | undefined;
  #lastSegment: string | undefined;
  #hasLastSegment = false;
  #isClosed = false;

  constructor(video: HTMLVideoElement, request: OpenPlayback, link: () => Promise<ViewingLink>) {
    this.#video = video;
    this.#request = request;
    this.#link = link;
    this.media = new MediaState(video, {
      moved: (change) => this.#tracker?.observe(change),
      happened: (event) => {
        if (event === 'timeupdate' || event === 'waiting') this.#hopOverGap(event === 'waiting');
        else void this.#tracker?.beat();
        if (event === 'waiting') this.#expectTheEnd();
      },
    });
  }

  get phase(): PlayerPhase {
    return this.#phase;
  }
  get failure(): PlayerFailure | undefined {
    return this.#failure;
  }
  get summary(): ViewingSummary | undefined {
    return this.#tracker?.summary;
  }
  /** Of the open session. */
  get playlistUrl(): string | undefined {
    return this.#tracker?.playback.playlistUrl ?? undefined;
  }
  get gaps(): readonly Gap[] {
    return this.#gaps;
  }
  /** Played to the end of what was recorded. */
  get hasEnded(): boolean {
    return this.media.hasEnded || this.#hasPlayedOut;
  }
  /** The hole that was just left out; undefined some seconds later. */
  get hopped(): Gap | undefined {
    return this.#hopped;
  }
  /** Where not, the page says that this time does not count yet. */
  get provesSegments(): boolean {
    return this.#provesSegments;
  }

  /** Someone pressed Play: opens the session if need be, takes the lease, plays. */
  async play(): Promise<void> {
    if (this.#phase === 'opening' || this.#isClosed) return;
    try {
      if (this.#tracker === undefined || this.#source === undefined) await this.#open();
      else if (this.#phase === 'failed') this.#source.retry();
      await this.#tracker?.takeLease();
      this.#phase = 'open';
      this.#failure = undefined;
      if (this.#hasPlayedOut) this.seek(0);
      await this.media.play();
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      if (cause.code === 'playback-closed') await this.#shut();
      this.#fail(cause.code);
    }
  }

  async toggle(): Promise<void> {
    if (this.media.isPaused) await this.play();
    else this.media.pause();
  }

  /** Before the first Play it says where that begins. */
  seek(seconds: number): void {
    this.#hasPlayedOut = false;
    if (this.#source === undefined) this.#beginAt = seconds;
    else this.media.seek(seconds);
  }

  look(): ReturnType<TrackedPlayer['look']> {
    const anchor = this.#tracker?.playback;
    const at = this.media.exactPosition;
    const mediaMs =
      anchor === undefined || this.#fragments.length === 0 ? null : timelineMsAt(at, this.#fragments, anchor);
    return { did: this.media.did, mediaMs, inPictureInPicture: this.media.isInPictureInPicture };
  }

  leaseLost(): void {
    this.media.pause();
    this.#phase = 'lost';
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.media.close();
    await this.#shut();
  }

  async #open(): Promise<void> {
    this.#phase = 'opening';
    const tracker = await ViewingTracker.open(this.#request, await this.#link(), this);
    this.#tracker = tracker;
    const { playlistUrl, resumeAtMs } = tracker.playback;
    if (playlistUrl === null) throw new Error('a session of a recording has a playlist');
    this.#source = await attachHls(this.#video, {
      playlistUrl,
      startAt: this.#beginAt ?? resumeAtMs / 1000,
      onSegment: (segment, bytes) => {
        tracker.prove(segment, bytes);
        this.#hasLastSegment ||= segment === this.#lastSegment;
      },
      onFragments: (fragments) => this.#take(fragments),
      onFailure: (failure) => {
        if (failure === 'gone') void this.#shut();
        this.#fail(failure);
      },
    });
    this.#provesSegments = this.#source.provesSegments;
  }

  #take(fragments: readonly MappedFragment[]): void {
    const isFirst = this.#fragments.length === 0;
    this.#fragments = fragments;
    this.#gaps = gapsOf(fragments);
    const isRecording = this.#request.mode === 'hls';
    if (isRecording)
      this.#lastSegment = segmentNameOf(fragments.findLast(({ gap }) => gap !== true)?.url ?? '');
    const isNearlyOver = this.#video.currentTime > this.#endOfMedia() - NEARLY_OVER;
    if (isFirst && isRecording && isNearlyOver) this.#video.currentTime = 0;
  }

  /**
   * A recording is cut at segments, so one track may end before the other: then the element waits near the end for what
   * never comes, and does not say that it ended.
   */
  #expectTheEnd(): void {
    const at = this.#video.currentTime;
    if (!this.#hasLastSegment || at < this.#endOfMedia() - LONGEST_OVERHANG) return;
    setTimeout(() => {
      const isStuck =
        this.#video.currentTime === at && this.media.did === 'stalled' && this.#phase === 'open';
      if (!isStuck) return;
      this.#hasPlayedOut = true;
      this.media.pause();
    }, OVERHANG_WAIT_MS);
  }

  #endOfMedia(): number {
    const last = this.#fragments.at(-1);
    return last === undefined ? 0 : last.start + last.duration;
  }

  #hopOverGap(isStalled: boolean): void {
    // Sought into a hole the element seeks for ever; sought to just before one it only waits for its data.
    const gap = gapAt(this.#video.currentTime, this.#gaps, isStalled && !this.#video.seeking);
    if (gap === undefined || this.#video.paused) return;
    if (this.#request.mode === 'hls' && gap.to > this.#endOfMedia() - BEHIND_GAP) {
      // Nothing comes behind it: for the element the end would never be reached.
      this.#hasPlayedOut = true;
      this.media.pause();
      return;
    }
    if (gap.to - gap.from >= WORTH_TELLING) this.#hopped = gap;
    this.#video.currentTime = gap.to + BEHIND_GAP;
    setTimeout(() => {
      if (this.#hopped === gap) this.#hopped = undefined;
    }, 6_000);
  }

  #fail(failure: PlayerFailure): void {
    this.#failure = failure;
    this.#phase = 'failed';
  }

  /** The next Play opens a new session at the same place. */
  async #shut(): Promise<void> {
    const tracker = this.#tracker;
    this.#beginAt = this.media.exactPosition;
    this.#source?.close();
    this.#source = undefined;
    this.#tracker = undefined;
    this.#fragments = [];
    await tracker?.close();
  }
}
