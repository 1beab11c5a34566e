import { joinBroadcast } from '@yike/contracts/http/broadcasts';
import type { BroadcastId, PlaybackId } from '@yike/contracts/ids';
import type { RoomState } from '@yike/contracts/signaling/room';
import { call } from '#lib/api/call.ts';
import type { Feed, FeedListener, Progress } from './feed.ts';
import { ReceiveMedia } from './receive-media.ts';
import { type Connection, RoomConnection } from './room-connection.ts';

export interface RtcFeedOptions {
  readonly video: HTMLVideoElement;
  readonly broadcastId: BroadcastId;
  readonly hasPicture: boolean;
  /** What the node delivers counts for this session. */
  readonly playbackId: PlaybackId;
  readonly listener: FeedListener;
}

/** The live picture by WebRTC. */
export class RtcFeed implements Feed {
  readonly way = 'webrtc';
  readonly ready: Promise<void>;
  readonly #video: HTMLVideoElement;
  readonly #media: ReceiveMedia;
  readonly #connection: RoomConnection;
  #stream: MediaStream | null = null;
  #state: Connection = 'connecting';
  #room: RoomState | undefined;
  #isShown = false;

  constructor({ video, broadcastId, hasPicture, playbackId, listener }: RtcFeedOptions) {
    this.#video = video;
    let tellReady = (): void => undefined;
    this.ready = new Promise((resolve) => (tellReady = resolve));
    const take = (stream: MediaStream): void => {
      this.#stream = stream;
      if (this.#isShown) void this.show();
      if (stream.getTracks().length > 0) tellReady();
      listener.onChange();
    };
    this.#media = new ReceiveMedia(take, { hasPicture });
    this.#connection = new RoomConnection({
      role: this.#media,
      ticket: () => call(joinBroadcast, { params: { broadcastId }, body: { as: 'viewer', playbackId } }),
      givesUpOn: ['node-full'],
      onConnection: (connection) => {
        this.#state = connection;
        listener.onChange();
      },
      onState: (room) => {
        this.#room = room;
        listener.onChange();
      },
      onClosed: listener.onEnded,
      onRefused: ({ code }) => {
        if (code === 'broadcast-ended') listener.onEnded();
        else if (code === 'codec-not-supported') listener.onRefused('codec');
        else listener.onRefused(code === 'node-full' ? 'full' : 'gone');
      },
    });
  }

  get isSignalled(): boolean {
    return this.#state !== 'away';
  }

  get isOpening(): boolean {
    return this.#stream === null && this.isSignalled;
  }

  get isLecturerThere(): boolean | undefined {
    return this.#room && this.#room.publisher === 'present';
  }

  show(): Promise<void> {
    this.#isShown = true;
    this.#video.srcObject = this.#stream;
    return Promise.resolve();
  }

  look(): { isThere: boolean; mediaMs: null } {
    return { isThere: this.isLecturerThere === true && this.#stream !== null, mediaMs: null };
  }

  progress(): Promise<Progress> {
    return this.#media.progress();
  }

  moved(): void {
    // There is only now.
  }

  toNow(): void {
    // It is always now.
  }

  close(): void {
    this.#connection.close();
    if (this.#isShown) this.#video.srcObject = null;
    this.#isShown = false;
  }
}
