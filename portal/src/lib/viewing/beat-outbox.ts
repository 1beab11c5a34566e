import type { PlaybackId } from '@yike/contracts/ids';
import { type Beat, BEAT_GRACE_MS, type BeatAck, type BeatBatch } from '@yike/contracts/realtime/viewing';
import { ApiProblem } from '#lib/api/call.ts';
import { isPassing } from '#lib/live/acknowledged.ts';
import type { BeatStore, KeptBeat } from './beat-store.ts';

/** What a batch may hold: the contract allows 70 beats, a beacon about 64 kB. */
const MOST_BEATS = 60;
const MOST_BEACON_BYTES = 60_000;

export interface OutboxPorts {
  readonly store: BeatStore;
  /** @throws {ApiProblem} when the batch was refused or not answered */
  readonly deliver: (batch: BeatBatch) => Promise<BeatAck>;
  readonly acknowledged: (ack: BeatAck, sentAt: number) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/**
 * Beats on their way: kept until they are acknowledged, sent again after a reconnect or by the next page within the
 * grace, and given up only when they are too old or the server will never take them.
 */
export class BeatOutbox {
  readonly #ports: OutboxPorts;
  #waiting: KeptBeat[] = [];
  #sending: Promise<void> | undefined;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Takes over what an earlier page left behind. */
  async recover(): Promise<void> {
    const kept = await this.#ports.store.list();
    this.#waiting = [...kept, ...this.#waiting];
    await this.#giveUpOld();
  }

  add(beat: Beat): void {
    const kept = { beat, keptAt: this.#ports.now() };
    this.#waiting.push(kept);
    void this.#ports.store
      .keep(kept)
      .catch((cause: unknown) => console.warn('a beat is kept by the page only', cause));
  }

  /** Sends what waits, one session after the other; one run at a time. Failures leave the beats where they are. */
  flush(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  /** What waits, as bodies for `sendBeacon`: the newest of each session first, as they cannot come again by this page. */
  beacons(): { playbackId: PlaybackId; body: string }[] {
    return [...bySession(this.#waiting)].map(([playbackId, beats]) => {
      const batch: Beat[] = [];
      let bytes = 0;
      for (const beat of beats.reverse()) {
        bytes += JSON.stringify(beat).length;
        if (batch.length === MOST_BEATS || bytes > MOST_BEACON_BYTES) break;
        batch.unshift(beat);
      }
      return { playbackId, body: JSON.stringify({ beats: batch } satisfies BeatBatch) };
    });
  }

  async #sendAll(): Promise<void> {
    await this.#giveUpOld();
    for (const [, beats] of bySession(this.#waiting)) {
      for (let from = 0; from < beats.length; from += MOST_BEATS) {
        if (!(await this.#send(beats.slice(from, from + MOST_BEATS)))) break;
      }
    }
  }

  async #send(beats: Beat[]): Promise<boolean> {
    const sentAt = this.#ports.now();
    try {
      const ack = await this.#ports.deliver({ beats });
      await this.#forget(ack.acknowledged);
      this.#ports.acknowledged(ack, sentAt);
      return true;
    } catch (cause) {
      if (isPassing(cause) || isSignedOut(cause)) return false;
      console.warn('beats were refused', cause);
      await this.#forget(beats);
      return false;
    }
  }

  async #giveUpOld(): Promise<void> {
    const oldest = this.#ports.now() - BEAT_GRACE_MS;
    const old = this.#waiting.filter(({ keptAt }) => keptAt < oldest);
    if (old.length > 0) await this.#forget(old.map(({ beat }) => beat));
  }

  async #forget(beats: readonly { playbackId: PlaybackId; seq: number }[]): Promise<void> {
    const gone = new Set(beats.map(refOf));
    this.#waiting = this.#waiting.filter(({ beat }) => !gone.has(refOf(beat)));
    await this.#ports.store
      .forget(beats)
      .catch((cause: unknown) => console.warn('the database keeps a sent beat', cause));
  }
}

/** Who signs in again within the grace loses nothing. */
const isSignedOut = (cause: unknown): boolean =>
  cause instanceof ApiProblem && cause.code === 'not-signed-in';

const refOf = ({ playbackId, seq }: { playbackId: string; seq: number }): string => `${playbackId}/${seq}`;

function bySession(kept: readonly KeptBeat[]): Map<PlaybackId, Beat[]> {
  return Map.groupBy(
    kept.map(({ beat }) => beat),
    (beat) => beat.playbackId,
  );
}
