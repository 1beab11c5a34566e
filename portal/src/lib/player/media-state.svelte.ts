/** For those who must act at once on what happens in the element. */
export interface MediaListener {
  /** What the player does or where it stands has changed; `jumped` when the position was set. */
  moved(change: { jumped: boolean }): void;
  happened(event: 'timeupdate' | 'waiting' | 'pause' | 'seeked' | 'ended'): void;
}

const VOLUME_KEY = 'yike-volume';

/** A video element's state as runes, and its commands. Seconds, as the element counts. */
export class MediaState {
  readonly #video: HTMLVideoElement;
  readonly #listening = new AbortController();
  #position = $state(0);
  #duration = $state(0);
  #bufferedTo = $state(0);
  #isPaused = $state(true);
  #isWaiting = $state(false);
  #hasEnded = $state(false);
  #rate = $state(1);
  #volume = $state(1);
  #isMuted = $state(false);

  constructor(video: HTMLVideoElement, listener: MediaListener) {
    this.#video = video;
    this.#recallVolume();
    const on = <Name extends keyof HTMLMediaElementEventMap>(
      events: readonly Name[],
      hear: (event: Name) => void,
    ) => {
      for (const event of events) {
        video.addEventListener(event, () => hear(event), { signal: this.#listening.signal });
      }
    };
    on(['timeupdate', 'durationchange', 'progress', 'loadedmetadata', 'volumechange'], () => this.#read());
    on(
      ['play', 'playing', 'pause', 'ended', 'waiting', 'seeking', 'seeked', 'ratechange', 'canplay'],
      (event) => {
        this.#read();
        listener.moved({ jumped: event === 'seeking' });
      },
    );
    on(['timeupdate', 'waiting', 'pause', 'seeked', 'ended'], (event) => listener.happened(event));
    on(['volumechange'], () => this.#keepVolume());
    this.#read();
  }

  get position(): number {
    return this.#position;
  }
  /** 0 before it is known; of a running lecture what there is so far. */
  get duration(): number {
    return this.#duration;
  }
  get bufferedTo(): number {
    return this.#bufferedTo;
  }
  get isPaused(): boolean {
    return this.#isPaused;
  }
  /** It wants to play and has nothing to show. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }
  get hasEnded(): boolean {
    return this.#hasEnded;
  }
  get rate(): number {
    return this.#rate;
  }
  get volume(): number {
    return this.#volume;
  }
  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** What the element does this moment, not what the runes last heard. */
  get did(): 'played' | 'paused' | 'stalled' {
    const { paused, ended, seeking, readyState } = this.#video;
    if (paused || ended) return 'paused';
    return seeking || readyState < HTMLMediaElement.HAVE_FUTURE_DATA ? 'stalled' : 'played';
  }

  get exactPosition(): number {
    return this.#video.currentTime;
  }

  get isInPictureInPicture(): boolean {
    return document.pictureInPictureElement === this.#video;
  }

  /** @returns whether it plays; false where the browser wants another gesture first */
  async play(): Promise<boolean> {
    try {
      await this.#video.play();
      return true;
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') return true;
      if (cause instanceof DOMException && cause.name === 'NotAllowedError') return false;
      throw cause;
    }
  }

  pause(): void {
    this.#video.pause();
  }

  seek(seconds: number): void {
    const end = Number.isFinite(this.#video.duration) ? this.#video.duration : seconds;
    this.#video.currentTime = Math.min(Math.max(0, seconds), end);
  }

  setRate(rate: number): void {
    this.#video.playbackRate = rate;
  }

  setVolume(volume: number): void {
    this.#video.volume = Math.min(1, Math.max(0, volume));
    this.#video.muted = volume === 0;
  }

  toggleMuted(): void {
    this.#video.muted = !this.#video.muted;
  }

  close(): void {
    this.#listening.abort();
    this.#video.pause();
  }

  #read(): void {
    const video = this.#video;
    this.#position = video.currentTime;
    this.#duration = Number.isFinite(video.duration) ? video.duration : 0;
    this.#bufferedTo = video.buffered.length === 0 ? 0 : video.buffered.end(video.buffered.length - 1);
    this.#isPaused = video.paused;
    this.#hasEnded = video.ended;
    this.#rate = video.playbackRate;
    this.#volume = video.volume;
    this.#isMuted = video.muted;
    this.#isWaiting =
      !video.paused &&
      !video.ended &&
      (video.seeking || video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA);
  }

  #recallVolume(): void {
    const kept = Number(localStorage.getItem(VOLUME_KEY) ?? 1);
    this.#video.volume = kept >= 0 && kept <= 1 ? kept : 1;
  }

  #keepVolume(): void {
    if (!this.#video.muted) localStorage.setItem(VOLUME_KEY, String(this.#video.volume));
  }
}
