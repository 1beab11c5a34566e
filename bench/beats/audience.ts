import type { Beat } from '@yike/contracts/realtime/viewing';
import { played } from '../../api/src/features/viewing/testing/viewer.ts';
import { SEGMENT_MS, segmentHash } from '../../api/src/features/viewing/testing/viewing-api.ts';
import type { Spectator, Unit } from '../api/audience.ts';
import { PortalWire } from '../api/portal-wire.ts';
import type { RunningApi } from '../api/running-api.ts';

const BEAT_MS = 10_000;
/** Pages do not beat all at once: a sixth of them each time that a sixth of the ten seconds has passed. */
const COHORTS = 6;
/** Cohorts that may wait for their acknowledgements; then the clock waits. */
const MOST_WAITING = 4;
const CONNECT_AT_ONCE = 50;

interface Seat {
  readonly spectator: Spectator;
  readonly wire: PortalWire;
}

/** Many pages of one unit, each of which tells every ten seconds of the clock what it played since. */
export class Audience {
  readonly #api: RunningApi;
  readonly #openedAtMs: number;
  readonly #cohorts: readonly (readonly Seat[])[];
  readonly #hashes: readonly string[];
  #rounds = 0;

  private constructor(api: RunningApi, openedAtMs: number, unit: Unit, seats: readonly Seat[]) {
    this.#api = api;
    this.#openedAtMs = openedAtMs;
    this.#cohorts = Array.from({ length: COHORTS }, (_, cohort) =>
      seats.filter((_seat, index) => index % COHORTS === cohort),
    );
    this.#hashes = Array.from({ length: unit.lengthMs / SEGMENT_MS }, (_, seq) =>
      segmentHash(unit.lineageId, `0/video/${seq}`),
    );
  }

  /** @param openedAtMs when the spectators' sessions were opened, unix ms */
  static async connect(
    api: RunningApi,
    openedAtMs: number,
    unit: Unit,
    spectators: readonly Spectator[],
  ): Promise<Audience> {
    const seats: Seat[] = [];
    for (let from = 0; from < spectators.length; from += CONNECT_AT_ONCE) {
      const some = spectators.slice(from, from + CONNECT_AT_ONCE).map(async (spectator) => {
        return { spectator, wire: await PortalWire.open(api.origin, spectator.cookie) };
      });
      seats.push(...(await Promise.all(some)));
    }
    return new Audience(api, openedAtMs, unit, seats);
  }

  /** Media that every page has played so far. */
  get playedMs(): number {
    return this.#rounds * BEAT_MS;
  }

  /** Every page beats so many times. Gives how many beats there were. */
  async play(rounds: number): Promise<number> {
    const waiting: Promise<number>[] = [];
    let beats = 0;
    for (let round = 0; round < rounds; round += 1) {
      this.#rounds += 1;
      for (const [index, cohort] of this.#cohorts.entries()) {
        if (waiting.length >= MOST_WAITING) beats += (await waiting.shift()) ?? 0;
        const sinceMs = this.playedMs + (index * BEAT_MS) / COHORTS;
        await this.#api.setClock(this.#openedAtMs + Math.round(sinceMs));
        waiting.push(this.#beat(cohort));
      }
    }
    for (const each of await Promise.all(waiting)) beats += each;
    return beats;
  }

  close(): void {
    for (const { wire } of this.#cohorts.flat()) wire.close();
  }

  async #beat(cohort: readonly Seat[]): Promise<number> {
    const [fromMs, toMs, seq] = [this.playedMs - BEAT_MS, this.playedMs, this.#rounds];
    const span = played(fromMs, toMs, fromMs, toMs);
    const proofs = this.#proofs(fromMs, toMs);
    await Promise.all(
      cohort.map(async ({ spectator: { playbackId }, wire }) => {
        const reply = await wire.beat({
          beats: [{ playbackId, seq, spans: [span], proofs, positionMs: toMs }],
        });
        if (!reply.ok) throw new Error(`a beat was refused: ${reply.problem.code}`);
      }),
    );
    return cohort.length;
  }

  /** Each segment is proven with the beat that first reaches into it. */
  #proofs(fromMs: number, toMs: number): Beat['proofs'] {
    return this.#hashes
      .map((sha256, seq) => ({ segment: `0/video/${seq}`, sha256, startMs: seq * SEGMENT_MS }))
      .filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
      .map(({ segment, sha256 }) => ({ segment, sha256 }));
  }
}
