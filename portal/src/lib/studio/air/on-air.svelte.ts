import {
  type Broadcast,
  endBroadcast,
  getBroadcast,
  joinBroadcast,
  startBroadcast,
  undoEndBroadcast,
} from '@yike/contracts/http/broadcasts';
import type { Lecture } from '@yike/contracts/http/lectures';
import type { BroadcastId } from '@yike/contracts/ids';
import type { ProblemCode } from '@yike/contracts/problem';
import type { BroadcastHealth } from '@yike/contracts/signaling/room';
import { call } from '#lib/api/call.ts';
import { type Connection, RoomConnection } from '#lib/live/room-connection.ts';
import { plannedEndOf, untilAbsentEnd } from './countdown.ts';
import { SendMedia, type SentTracks } from './send-media.ts';
import { ownStudioId } from './studio-id.ts';
import { keepAwake } from './wake-lock.ts';

export type AirPhase =
  'connecting' | 'on-air' | 'reconnecting' | 'elsewhere' | 'ended' | 'stopped' | 'refused';

/** While the socket brings nothing the API is asked this often whether the end was undone or came. */
const ASK_EVERY_MS = 5_000;

interface OnAirOptions {
  readonly lecture: Lecture;
  readonly tracks: SentTracks;
  readonly studioId: string;
}

/** A lecturer's broadcast, from going on air until it closed. */
export class OnAir {
  readonly #id: BroadcastId;
  readonly #plannedEndMs: number;
  #endingAt = $state<string | null>(null);
  #phase = $state<AirPhase>('connecting');
  #health = $state.raw<BroadcastHealth>();
  #viewers = $state(0);
  #refusal = $state.raw<ProblemCode>();
  #pictureRefusal = $state.raw<ProblemCode>();
  /** The network under the media, and under the page. */
  #isSteady = $state(true);
  #isOnline = $state(true);
  /** Since when nothing arrives at the node, as far as this page can tell, unix ms. */
  #lostAtMs = $state<number>();
  readonly #connection: RoomConnection;
  readonly #stops: (() => void)[];
  #wasOnAir = false;

  private constructor(broadcast: Broadcast, { lecture, tracks, studioId }: OnAirOptions) {
    this.#id = broadcast.id;
    this.#endingAt = broadcast.endingAt;
    this.#plannedEndMs = plannedEndOf(lecture);
    this.#connection = new RoomConnection({
      role: new SendMedia(tracks, {
        onElsewhere: () => (this.#phase = 'elsewhere'),
        onPictureRefused: (code) => (this.#pictureRefusal = code),
        onSteady: (isSteady) => {
          this.#isSteady = isSteady;
          this.#noteLoss();
        },
      }),
      ticket: () =>
        call(joinBroadcast, { params: { broadcastId: this.#id }, body: { as: 'publisher', studioId } }),
      onConnection: (connection) => this.#follow(connection),
      onState: ({ viewers }) => (this.#viewers = viewers),
      onHealth: (health) => {
        this.#health = health;
        this.#viewers = health.viewers;
      },
      onClosed: (reason) => this.#finish(reason),
      onRefused: ({ code }) => {
        this.#refusal = code;
        this.#finish(code === 'broadcast-ended' ? 'ended' : 'refused');
      },
    });
    const asking = setInterval(() => void this.#ask(), ASK_EVERY_MS);
    const heard = followNetwork((isOnline) => {
      this.#isOnline = isOnline;
      this.#noteLoss();
    });
    this.#stops = [keepAwake(), heard, () => clearInterval(asking)];
  }

  /**
   * Goes on air, or back on air after a reload: the API answers the broadcast that runs.
   * @throws {ApiProblem} `broadcast-ended`, `no-media-node`, `service-unavailable` …
   */
  static async start(lecture: Lecture, tracks: SentTracks): Promise<OnAir> {
    const studioId = await ownStudioId();
    const broadcast = await call(startBroadcast, { params: { lectureId: lecture.id } });
    return new OnAir(broadcast, { lecture, tracks, studioId });
  }

  get phase(): AirPhase {
    return this.#phase === 'on-air' && !this.#isArriving ? 'reconnecting' : this.#phase;
  }
  get health(): BroadcastHealth | undefined {
    return this.#health;
  }
  get viewers(): number {
    return this.#viewers;
  }
  get refusal(): ProblemCode | undefined {
    return this.#refusal;
  }
  /** Why the picture is not sent, while the sound is; undefined where both are. */
  get pictureRefusal(): ProblemCode | undefined {
    return this.#pictureRefusal;
  }
  /** How long the lecture still waits for its lecturer before it ends by itself, ms; undefined while all is well. */
  untilAbsentEnd(now: number): number | undefined {
    if (this.#lostAtMs === undefined || this.#endingAt !== null || this.isOver) return undefined;
    return untilAbsentEnd({ lostAtMs: this.#lostAtMs, plannedEndMs: this.#plannedEndMs }, now);
  }
  /** When the end takes effect, as the lecturer confirmed it; null while it goes on. */
  get endingAt(): string | null {
    return this.isOver ? null : this.#endingAt;
  }
  get isOver(): boolean {
    return this.#phase === 'ended' || this.#phase === 'stopped' || this.#phase === 'refused';
  }

  /** @throws {ApiProblem} */
  async end({ now }: { now: boolean }): Promise<void> {
    await this.#take(call(endBroadcast, { params: { broadcastId: this.#id }, body: { now } }));
  }

  /** @throws {ApiProblem} `broadcast-ended` when it came too late */
  async undoEnd(): Promise<void> {
    await this.#take(call(undoEndBroadcast, { params: { broadcastId: this.#id } }));
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#connection.close();
  }

  get #isArriving(): boolean {
    return this.#isSteady && this.#isOnline;
  }

  #follow(connection: Connection): void {
    if (this.isOver) return;
    if (connection === 'joined') {
      this.#wasOnAir = true;
      this.#isSteady = true;
      this.#phase = 'on-air';
    } else if (connection === 'away' && this.#phase !== 'elsewhere') {
      this.#phase = this.#wasOnAir ? 'reconnecting' : 'connecting';
    }
    this.#noteLoss();
  }

  #noteLoss(): void {
    this.#lostAtMs = this.phase === 'reconnecting' ? (this.#lostAtMs ?? Date.now()) : undefined;
  }

  async #ask(): Promise<void> {
    await this.#take(call(getBroadcast, { params: { broadcastId: this.#id } })).catch((cause: unknown) => {
      console.info('the API is away; the broadcast goes on', cause);
    });
  }

  async #take(answer: Promise<Broadcast>): Promise<void> {
    const { endingAt, state } = await answer;
    this.#endingAt = endingAt;
    if (state === 'ended') this.#finish('ended');
  }

  #finish(phase: 'ended' | 'stopped' | 'refused'): void {
    if (this.isOver) return;
    this.#phase = phase;
    this.close();
  }
}

/** Hears at once when the device loses its network, and when it has one again. @returns stops */
function followNetwork(changed: (isOnline: boolean) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  window.addEventListener('offline', () => changed(false), { signal });
  window.addEventListener('online', () => changed(true), { signal });
  return () => listening.abort();
}
