import type { Playback } from '@yike/contracts/http/viewing';
import { attachHls, type HlsSource, type SourceFailure } from '#lib/player/hls-source.ts';
import type { OnSegment } from '#lib/player/segment-assembly.ts';
import { gapAt, gapsOf, type MappedFragment, timelineMsAt } from '#lib/player/timeline-map.ts';
import { pause, waitBefore } from './back-off.ts';
import type { Feed, FeedListener, Progress } from './feed.ts';

export interface HlsFeedOptions {
  readonly video: HTMLVideoElement;
  readonly playback: Playback;
  readonly hasPicture: boolean;
  readonly onSegment: OnSegment;
  readonly listener: FeedListener;
}

/** Catching up takes a minute for three seconds; who has fallen behind further is brought back at once. */
const MOST_BEHIND_SECONDS = 12;
/** Behind a hole a little further, so that rounding does not lead back into it. Seconds. */
const BEHIND_GAP = 0.05;

/** The live picture by low-latency HLS. */
export class HlsFeed implements Feed {
  readonly way = 'hls';
  readonly ready = Promise.resolve();
  readonly isSignalled = true;
  readonly isOpening = false;
  readonly isLecturerThere = undefined;
  readonly #options: HlsFeedOptions;
  readonly #closing = new AbortController();
  #source: HlsSource | undefined;
  #fragments: readonly MappedFragment[] = [];
  #failures = 0;

  constructor(options: HlsFeedOptions) {
    this.#options = options;
  }

  async show(): Promise<void> {
    const { video, playback, hasPicture, onSegment } = this.#options;
    const source = await attachHls(video, {
      playlistUrl: hasPicture ? (playback.playlistUrl ?? '') : soundOnly(playback.playlistUrl ?? ''),
      startAt: hasPicture ? 'live' : 'live-late',
      onSegment,
      onFragments: (fragments) => {
        this.#fragments = fragments;
        this.#failures = 0;
      },
      onFailure: (failure) => void this.#recover(failure),
    });
    if (this.#closing.signal.aborted) source.close();
    else this.#source = source;
  }

  look(): { isThere: boolean; mediaMs: number | null } {
    const mediaMs = this.#timelineMs();
    return { isThere: mediaMs !== null, mediaMs };
  }

  progress(): Promise<Progress> {
    return Promise.resolve({ arrived: this.#options.video.currentTime });
  }

  moved(isWaiting: boolean): void {
    const { video } = this.#options;
    const source = this.#source;
    if (source !== undefined && !video.seeking && source.behindSeconds() > MOST_BEHIND_SECONDS)
      source.toNow();
    const gap = gapAt(video.currentTime, gapsOf(this.#fragments), isWaiting && !video.seeking);
    if (gap !== undefined && !video.paused) video.currentTime = gap.to + BEHIND_GAP;
  }

  toNow(): void {
    this.#source?.toNow();
  }

  close(): void {
    this.#closing.abort();
    this.#source?.close();
    // It may have been catching up.
    this.#options.video.playbackRate = 1;
  }

  #timelineMs(): number | null {
    const { video, playback } = this.#options;
    const wallClockMs = this.#source?.wallClockMs() ?? null;
    if (wallClockMs !== null) return wallClockMs - (playback.timelineZeroAtMs ?? wallClockMs);
    return this.#fragments.length === 0 ? null : timelineMsAt(video.currentTime, this.#fragments, playback);
  }

  async #recover(failure: SourceFailure): Promise<void> {
    if (failure === 'unsupported') this.#options.listener.onRefused('codec');
    else if (failure !== 'network') this.#options.listener.onRefused('gone');
    else {
      await pause(waitBefore(++this.#failures, Math.random()), this.#closing.signal);
      if (!this.#closing.signal.aborted) this.#source?.retry();
    }
  }
}

/** The playlist of the sound stands beside the one that names all. */
const soundOnly = (playlistUrl: string): string => playlistUrl.replace('/index.m3u8', '/audio.m3u8');
