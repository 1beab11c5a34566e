import type { TrackKind } from '@yike/contracts/control/manifest';
import type { EpochSink, LiveOutput } from '../../recording/ports.ts';

const PART_MS = 333;
const PARTS_IN_A_SEGMENT = 12;

/** A recorder's part without a recorder: feeds a live output with parts whose bytes say what they are. */
export class FedBroadcast {
  readonly zeroAtMs: number;
  readonly #live: LiveOutput;
  readonly #counts: Record<TrackKind, number> = { video: 0, audio: 0 };
  #sink: EpochSink | undefined;
  #epoch = 0;

  constructor(live: LiveOutput, zeroAtMs = Date.now()) {
    this.#live = live;
    this.zeroAtMs = zeroAtMs;
  }

  begin(epoch: number, epochStartMs: number, kinds: readonly TrackKind[] = ['video', 'audio']): void {
    this.#epoch = epoch;
    Object.assign(this.#counts, { video: 0, audio: 0 });
    this.#sink = this.#live.begin(epoch, () => ({ timelineZeroAtMs: this.zeroAtMs, epochStartMs }));
    this.#sink.started(this.zeroAtMs + epochStartMs, kinds);
    for (const kind of kinds) {
      const codec = kind === 'video' ? 'avc1.42c01f' : 'mp4a.40.2';
      this.#sink.init({ kind, codec, bytes: Buffer.from(`init ${epoch} ${kind}`) });
    }
  }

  feed(kind: TrackKind, count = 1): void {
    for (let i = 0; i < count; i += 1) {
      const at = this.#counts[kind]++;
      const opensSegment = at % PARTS_IN_A_SEGMENT === 0;
      const name = `${Math.floor(at / PARTS_IN_A_SEGMENT)}.${at % PARTS_IN_A_SEGMENT}`;
      this.#sink?.part({
        kind,
        startMs: at * PART_MS,
        endMs: (at + 1) * PART_MS,
        independent: opensSegment,
        opensSegment,
        bytes: Buffer.from(`${this.#epoch}/${kind}/${name};`),
      });
    }
  }

  die(): void {
    this.#sink?.ended('killed');
  }

  end(): void {
    this.#live.end();
  }
}
