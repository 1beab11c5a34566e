import {
  type Broadcast,
  endBroadcast,
  getBroadcast,
  joinBroadcast,
  startBroadcast,
  undoEndBroadcast,
} from '@yike/contracts/http/broadcasts';
import type { BroadcastId, LectureId } from '@yike/contracts/ids';
import type { ProblemCode } from '@yike/contracts/problem';
import type { BroadcastHealth } from '@yike/contracts/signaling/room';
import { call } from '#lib/api/call.ts';
import { type Connection, RoomConnection } from '#lib/live/room-connection.ts';
import { SendMedia, type SentTracks } from './send-media.ts';
import { keepAwake } from './wake-lock.ts';

export type AirPhase =
  'connecting' | 'on-air' | 'reconnecting' | 'elsewhere' | 'ended' | 'stopped' | 'refused';

/** While the socket brings nothing the API is asked this often whether the end was undone or came. */
const ASK_EVERY_MS = 5_000;
const FORMER_SELF_MS = 15_000;

/** A lecturer's broadcast, from going on air until it closed. */
export class OnAir {
  readonly #id: BroadcastId;
  #endingAt = $state<string | null>(null);
  #phase = $state<AirPhase>('connecting');
  #health = $state.raw<BroadcastHealth>();
  #viewers = $state(0);
  #refusal = $state.raw<ProblemCode>();
  readonly #connection: RoomConnection;
  readonly #stops: (() => void)[];
  #wasOnAir = false;
  #elsewhereSince: number | undefined;

  private constructor(broadcast: Broadcast, tracks: SentTracks) {
    this.#id = broadcast.id;
    this.#endingAt = broadcast.endingAt;
    this.#connection = new RoomConnection({
      role: new SendMedia(tracks, () => this.#hearElsewhere()),
      ticket: () => call(joinBroadcast, { params: { broadcastId: this.#id }, body: { as: 'publisher' } }),
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
    this.#stops = [keepAwake(), () => clearInterval(asking)];
  }

  /**
   * Goes on air, or back on air after a reload: the API answers the broadcast that runs.
   * @throws {ApiProblem} `broadcast-ended`, `no-media-node`, `service-unavailable` …
   */
  static async start(lectureId: LectureId, tracks: SentTracks): Promise<OnAir> {
    return new OnAir(await call(startBroadcast, { params: { lectureId } }), tracks);
  }

  get phase(): AirPhase {
    return this.#phase;
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

  #follow(connection: Connection): void {
    if (this.isOver) return;
    if (connection === 'joined') {
      this.#wasOnAir = true;
      this.#elsewhereSince = undefined;
      this.#phase = 'on-air';
    } else if (connection === 'away' && this.#phase !== 'elsewhere') {
      this.#phase = this.#wasOnAir ? 'reconnecting' : 'connecting';
    }
  }

  /** After a reload the node keeps the page's former self for some seconds: that is no other window. */
  #hearElsewhere(): void {
    this.#elsewhereSince ??= Date.now();
    if (Date.now() - this.#elsewhereSince > FORMER_SELF_MS) this.#phase = 'elsewhere';
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
