import { joinBroadcast } from '@yike/contracts/http/broadcasts';
import type { ViewingSummary } from '@yike/contracts/http/viewing';
import type { BroadcastId, PlaybackId } from '@yike/contracts/ids';
import type { ProblemCode } from '@yike/contracts/problem';
import type { RoomState } from '@yike/contracts/signaling/room';
import { ApiProblem, call } from '#lib/api/call.ts';
import { MediaState } from '#lib/player/media-state.svelte.ts';
import type { ViewingLink } from '#lib/viewing/viewing-link.ts';
import { type TrackedPlayer, ViewingTracker } from '#lib/viewing/viewing-tracker.svelte.ts';
import { ReceiveMedia } from './receive-media.ts';
import { type Connection, RoomConnection } from './room-connection.ts';

/** `ready`: Play was not pressed yet; `blocked`: the browser wants one more gesture; `lost`: another device plays. */
export type LivePhase = 'ready' | 'opening' | 'open' | 'blocked' | 'lost' | 'failed' | 'ended';

export interface LiveRoomOptions {
  readonly video: HTMLVideoElement;
  readonly broadcastId: BroadcastId;
  readonly link: () => Promise<ViewingLink>;
  /** The room closed for good; the lecture's own state says more. */
  readonly onEnded: () => void;
}

/** A broadcast in a video element, live by WebRTC, from the press of Play on. */
export class LiveRoom implements TrackedPlayer {
  readonly media: MediaState;
  readonly #options: LiveRoomOptions;
  #tracker = $state.raw<ViewingTracker>();
  #connection: RoomConnection | undefined;
  #phase = $state<LivePhase>('ready');
  #failure = $state.raw<ProblemCode>();
  #link = $state.raw<Connection>('connecting');
  #room = $state.raw<RoomState>();
  #isClosed = false;

  constructor(options: LiveRoomOptions) {
    this.#options = options;
    this.media = new MediaState(options.video, {
      moved: (change) => this.#tracker?.observe(change),
      happened: (event) => {
        if (event === 'pause') void this.#tracker?.beat();
      },
    });
  }

  get phase(): LivePhase {
    return this.#phase;
  }
  get failure(): ProblemCode | undefined {
    return this.#failure;
  }
  get summary(): ViewingSummary | undefined {
    return this.#tracker?.summary;
  }
  get connection(): Connection {
    return this.#link;
  }
  /** What the room says; undefined before it was entered. */
  get room(): RoomState | undefined {
    return this.#room;
  }

  /** Someone pressed Play: session, place in the room, lease, picture. */
  async play(): Promise<void> {
    if (this.#phase === 'opening' || this.#isClosed) return;
    const { broadcastId, link } = this.#options;
    try {
      if (this.#connection === undefined) this.#phase = 'opening';
      this.#tracker ??= await ViewingTracker.open({ mode: 'webrtc', broadcastId }, await link(), this);
      this.#connection ??= this.#enter(this.#tracker.playback.id);
      await this.#tracker.takeLease();
      this.#phase = 'open';
      await this.#show();
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      this.#fail(cause.code);
    }
  }

  async toggle(): Promise<void> {
    if (this.media.isPaused) await this.play();
    else this.media.pause();
  }

  look(): ReturnType<TrackedPlayer['look']> {
    const isThere = this.#room?.publisher === 'present' && this.#options.video.srcObject !== null;
    const did = this.media.did === 'played' && !isThere ? 'stalled' : this.media.did;
    return { did, mediaMs: null, inPictureInPicture: this.media.isInPictureInPicture };
  }

  leaseLost(): void {
    this.media.pause();
    this.#phase = 'lost';
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connection?.close();
    this.media.close();
    this.#options.video.srcObject = null;
    await this.#tracker?.close();
  }

  #enter(playbackId: PlaybackId): RoomConnection {
    const { video, broadcastId } = this.#options;
    const role = new ReceiveMedia((stream) => {
      video.srcObject = stream;
      if (this.#phase === 'open') void this.#show();
    });
    return new RoomConnection({
      role,
      ticket: () =>
        call(joinBroadcast, {
          params: { broadcastId },
          // What the node delivers counts for this session.
          body: { as: 'viewer', playbackId },
        }),
      onConnection: (connection) => (this.#link = connection),
      onState: (state) => {
        this.#room = state;
        this.#tracker?.observe();
      },
      onClosed: () => this.#end(),
      onRefused: ({ code }) => {
        this.#connection = undefined;
        if (code === 'broadcast-ended') this.#end();
        else this.#fail(code);
      },
    });
  }

  async #show(): Promise<void> {
    if (this.#options.video.srcObject === null) return;
    if (!(await this.media.play())) this.#phase = 'blocked';
  }

  #fail(code: ProblemCode): void {
    this.#failure = code;
    this.#phase = 'failed';
  }

  #end(): void {
    this.media.pause();
    this.#phase = 'ended';
    this.#options.onEnded();
  }
}
