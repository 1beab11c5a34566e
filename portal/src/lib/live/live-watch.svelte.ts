import type { ViewingSummary } from '@yike/contracts/http/viewing';
import type { BroadcastId } from '@yike/contracts/ids';
import type { ProblemCode } from '@yike/contracts/problem';
import { ApiProblem } from '#lib/api/call.ts';
import { hlsPlayerOf } from '#lib/player/hls-source.ts';
import { MediaState } from '#lib/player/media-state.svelte.ts';
import type { ViewingLink } from '#lib/viewing/viewing-link.ts';
import { isPassing } from './acknowledged.ts';
import { pause, waitBefore } from './back-off.ts';
import { ChokeWatch } from './choke-watch.ts';
import { beginLine, type Choice, type LineEvent, type LineState, nextLine } from './line-rule.ts';
import { isLineThin } from './line-speed.ts';
import { keepChoice, recallChoice } from './live-choice.ts';
import { fetchDevice } from './room-role.ts';
import { triesWebrtc } from './rtc-trial.ts';
import { Seat, type SeatOptions, type WantedFeed } from './seat.ts';
import { StallWatch } from './stall-watch.ts';

/** `ready`: Play was not pressed yet; `blocked`: the browser wants one more gesture; `lost`: another device plays. */
export type LivePhase = 'ready' | 'opening' | 'open' | 'blocked' | 'lost' | 'failed' | 'ended';

export interface LiveWatchOptions {
  readonly video: HTMLVideoElement;
  readonly broadcastId: BroadcastId;
  readonly link: () => Promise<ViewingLink>;
  /** The lecturer is away, as the API says. */
  readonly isInterrupted: () => boolean;
  /** The room closed for good, or the address of the picture is not valid any more; the lecture's own state says more. */
  readonly onEnded: () => void;
}

/** A way that is being made ready; its seat once the session is open. */
interface Coming {
  readonly wanted: WantedFeed;
  readonly cancel: AbortController;
  seat?: Seat;
}

const TICK = { is: 'tick', isSignalled: true, isOpening: false } as const;
const LOOK_EVERY_MS = 250;
const SUSPICIOUS_MS = 1_000;

/**
 * A broadcast in a video element, live, from the press of Play on: by WebRTC, or by HLS where that does not come through, changing by itself as
 * `line-rule.ts` says. A change opens a session of its own and passes the lease on, so that time counts in both.
 */
export class LiveWatch {
  readonly media: MediaState;
  readonly #options: LiveWatchOptions;
  readonly #closing = new AbortController();
  readonly #stalls = new StallWatch();
  readonly #chokes = new ChokeWatch();
  #line = $state.raw<LineState>(beginLine(recallChoice(), performance.now()));
  #phase = $state<LivePhase>('ready');
  #failure = $state.raw<ProblemCode>();
  #shown = $state.raw<Seat>();
  /** Counts up when a feed says something new of itself. */
  #news = $state(0);
  /** On its way to be shown, or to be thrown away. */
  #coming: Coming | undefined;
  #isChanging = $state(false);
  #wantsToPlay = $state(false);
  /** One change after the other takes the lease and the element. */
  #swapping: Promise<void> = Promise.resolve();
  #isTrying = false;

  constructor(options: LiveWatchOptions) {
    this.#options = options;
    this.media = new MediaState(options.video, {
      moved: (change) => this.#shown?.tracker.observe(change),
      happened: (event) => {
        if (event === 'timeupdate' || event === 'waiting') this.#shown?.feed.moved(event === 'waiting');
        if (event === 'pause') this.#hasPaused();
      },
    });
    // It is on its way while the resident still reads the title.
    if (this.#line.way === 'webrtc') fetchDevice().catch(() => undefined); // Asked for again when it is needed.
    void this.#watch();
  }

  get phase(): LivePhase {
    return this.#phase;
  }
  get failure(): ProblemCode | undefined {
    return this.#failure;
  }
  get summary(): ViewingSummary | undefined {
    return this.#shown?.tracker.summary;
  }
  get line(): LineState {
    return this.#line;
  }
  /** Another way is being made ready, and nothing is shown meanwhile. */
  get isChanging(): boolean {
    const isOpening = this.#news >= 0 && this.#shown?.feed.isOpening === true;
    return this.#isChanging || isOpening;
  }
  /** As the node says; undefined where nobody knows. */
  get isLecturerThere(): boolean | undefined {
    return this.#news >= 0 ? this.#shown?.feed.isLecturerThere : undefined;
  }
  get isReconnecting(): boolean {
    return this.#news >= 0 && this.#shown?.feed.isSignalled === false;
  }
  /** Play was pressed, and not Pause since. */
  get wantsToPlay(): boolean {
    return this.#wantsToPlay;
  }

  /** Someone pressed Play: session, lease, picture. */
  async play(): Promise<void> {
    if (this.#phase === 'opening' || this.#isClosed()) return;
    this.#wantsToPlay = true;
    this.#failure = undefined;
    const seat = this.#shown;
    if (seat === undefined) {
      this.#phase = 'opening';
      this.#line = beginLine(this.#line.choice, performance.now(), isLineThin());
      await this.#change(this.#line);
      return;
    }
    try {
      await seat.tracker.takeLease();
      this.#phase = 'open';
      seat.feed.toNow();
      await this.#start();
    } catch (cause) {
      await this.#fail(cause);
    }
  }

  async toggle(): Promise<void> {
    if (this.media.isPaused) {
      await this.play();
      return;
    }
    this.#wantsToPlay = false;
    this.media.pause();
  }

  /** How the resident wants to watch, from now on; choosing the same again tries anew. */
  choose(choice: Choice): void {
    keepChoice(choice);
    this.#step({ is: 'chosen', choice });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#cancelComing();
    this.media.close();
    await this.#shown?.close();
  }

  #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Looks after the line as long as the page is there. */
  async #watch(): Promise<void> {
    while (!this.#isClosed()) {
      if (this.#phase === 'opening' || this.#phase === 'open') await this.#lookOnce();
      await pause(LOOK_EVERY_MS, this.#closing.signal);
    }
  }

  async #lookOnce(): Promise<void> {
    const event = await this.#look();
    if (this.#isClosed()) return;
    this.#step(event);
    if (this.#line.isTrying) void this.#try();
  }

  async #look(): Promise<LineEvent> {
    if (await this.#hasRevived()) return { is: 'revived' };
    const seat = this.#coming?.seat ?? this.#shown;
    if (seat === undefined) return { is: 'tick', isSignalled: true, isOpening: true };
    const { feed } = seat;
    const isAway = this.#options.isInterrupted() || feed.isLecturerThere === false;
    const isResting = !this.#wantsToPlay && this.#coming === undefined;
    if (isAway || isResting) return { is: 'idle' };
    const now = performance.now();
    if (feed.way === 'hls') {
      const isStanding = this.media.isWaiting && this.#coming === undefined;
      return this.#stalls.sees(isStanding, now) ? { is: 'stalled' } : TICK;
    }
    const { hasMediaCome, packets } = await seat.ask();
    if (packets !== undefined && this.#chokes.sees(packets, now)) return { is: 'choked' };
    if (hasMediaCome) return { is: 'flowed' };
    const { isSignalled, isOpening } = feed;
    // Fetches the player of HLS beforehand, where it will soon be needed.
    const isSuspicious = now - this.#line.quietSinceMs > SUSPICIOUS_MS;
    if (isSuspicious && !isOpening && !this.#line.isThin) void hlsPlayerOf(this.#options.video);
    return { is: 'tick', isSignalled, isOpening };
  }

  /** HLS is on its way, and the WebRTC that is still in the element brings media again. */
  async #hasRevived(): Promise<boolean> {
    const seat = this.#shown;
    if (seat?.feed.way !== 'webrtc' || this.#coming?.wanted.way !== 'hls') return false;
    return (await seat.ask()).hasMediaCome;
  }

  /** By a press, a key of the keyboard or the system; not by a change or the end of what is in the element. */
  #hasPaused(): void {
    const { readyState, ended } = this.#options.video;
    if (readyState > 0 && !ended) this.#wantsToPlay = false;
    void this.#shown?.tracker.beat();
  }

  /** Something happened: the line's state, and what follows from it. */
  #step(event: LineEvent): void {
    const next = nextLine(this.#line, event, performance.now(), Math.random());
    this.#line = next;
    if (this.#shown === undefined && this.#coming === undefined) return;
    const isWanted = (feed: WantedFeed | undefined): boolean =>
      feed?.way === next.way && feed.hasPicture === next.hasPicture;
    const coming = this.#coming?.seat?.wanted ?? this.#coming?.wanted;
    if (isWanted(coming)) return;
    const seat = this.#coming === undefined ? this.#shown : this.#coming.seat;
    if (isWanted(this.#shown?.wanted)) this.#cancelComing();
    else if (seat?.wanted.way === 'webrtc' && next.way === 'webrtc' && !next.hasPicture)
      void seat.leaveOutPicture();
    else void this.#change(next);
  }

  async #try(): Promise<void> {
    if (this.#isTrying) return;
    this.#isTrying = true;
    const worked = await triesWebrtc(this.#options.broadcastId, this.#closing.signal);
    this.#isTrying = false;
    if (!this.#isClosed()) this.#step({ is: 'tried', worked });
  }

  /** Goes over to another way, as often as it takes; what is shown stays until then. */
  async #change({ way, hasPicture }: WantedFeed): Promise<void> {
    this.#cancelComing();
    const coming: Coming = { wanted: { way, hasPicture }, cancel: new AbortController() };
    this.#coming = coming;
    this.#isChanging = this.#shown?.wanted.way !== 'hls';
    const { signal } = coming.cancel;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        await this.#take(coming, signal);
        return;
      } catch (cause) {
        if (this.#coming !== coming) return;
        if (!isWorthAnotherTry(cause)) {
          this.#cancelComing();
          await this.#fail(cause);
          return;
        }
        await pause(waitBefore(failures, Math.random()), signal);
      }
    }
  }

  async #take(coming: Coming, signal: AbortSignal): Promise<void> {
    const seat = await Seat.open(coming.wanted, await this.#seatOptions());
    coming.seat = seat;
    try {
      // Only what stands still is taken away before the other is there.
      if (this.#shown?.feed.way === 'hls') await readyOr(seat.feed.ready, signal);
      const swapping = this.#swapping.then(() => this.#swap(coming, seat));
      this.#swapping = swapping.catch(() => undefined);
      await swapping;
    } catch (cause) {
      delete coming.seat;
      void seat.close();
      throw cause;
    }
  }

  async #swap(coming: Coming, seat: Seat): Promise<void> {
    coming.cancel.signal.throwIfAborted();
    const before = this.#shown;
    await seat.tracker.takeLease(before?.tracker);
    const leaving = before?.close();
    if (this.#coming === coming) this.#cancelComing();
    this.#shown = seat;
    if (this.#phase === 'opening') this.#phase = 'open';
    await seat.show();
    await this.#start();
    await leaving;
  }

  async #seatOptions(): Promise<SeatOptions> {
    const { video, broadcastId, link, onEnded } = this.#options;
    const listener = {
      onEnded: () => this.#end(),
      onRefused: (because: 'full' | 'codec' | 'gone') => {
        if (because !== 'gone') this.#step({ is: 'refused', because });
        else {
          // Another session has another address, if there still is one.
          onEnded();
          if (this.#coming === undefined) void this.#change(this.#line);
        }
      },
      onChange: () => {
        this.#news += 1;
        this.#shown?.tracker.observe();
        if (this.#shown?.feed.way === 'webrtc') void this.#start();
      },
      onLeaseLost: () => this.#loseLease(),
    };
    return { video, media: this.media, broadcastId, link: await link(), listener };
  }

  async #start(): Promise<void> {
    const { video } = this.#options;
    const isThere = video.srcObject !== null || video.src !== '';
    if (!this.#wantsToPlay || !isThere || this.#phase !== 'open') return;
    if (!(await this.media.play())) this.#phase = 'blocked';
  }

  #cancelComing(): void {
    this.#coming?.cancel.abort();
    this.#coming = undefined;
    this.#isChanging = false;
  }

  #loseLease(): void {
    this.#cancelComing();
    this.#wantsToPlay = false;
    this.media.pause();
    this.#phase = 'lost';
  }

  async #fail(cause: unknown): Promise<void> {
    if (!(cause instanceof ApiProblem)) throw cause;
    if (cause.code === 'lease-lost') this.#loseLease();
    else if (cause.code === 'broadcast-ended') this.#end();
    else {
      this.#failure = cause.code;
      this.#phase = 'failed';
      // The next Play begins anew.
      const shown = this.#shown;
      this.#shown = undefined;
      await shown?.close();
    }
  }

  #end(): void {
    this.#cancelComing();
    this.media.pause();
    this.#phase = 'ended';
    this.#options.onEnded();
  }
}

/** The API is away, or nothing is recorded yet; without another way the resident waits. */
const isWorthAnotherTry = (cause: unknown): boolean =>
  isPassing(cause) || (cause instanceof ApiProblem && cause.code === 'broadcast-not-live');

/** Rejects when the signal is given first. */
async function readyOr(ready: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await Promise.race([ready, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
  signal.throwIfAborted();
}
