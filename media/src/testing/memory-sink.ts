import type { EpochSink, MediaPart, TrackInit } from '../recording/ports.ts';

/** A part, and when it came (ms since 1970). */
export type ArrivedPart = MediaPart & { readonly atMs: number };

/** Keeps all of an epoch in memory, for tests and benches of some seconds. */
export class MemorySink implements EpochSink {
  zeroAtMs: number | undefined;
  readonly inits: { video?: TrackInit; audio?: TrackInit } = {};
  readonly parts: { video: ArrivedPart[]; audio: ArrivedPart[] } = { video: [], audio: [] };
  /** All calls in order, to see that none came too often or too early. */
  readonly calls: string[] = [];
  end: 'finished' | 'killed' | undefined;

  started(zeroAtMs: number): void {
    this.calls.push('started');
    this.zeroAtMs = zeroAtMs;
  }

  init(init: TrackInit): void {
    this.calls.push(`init ${init.kind}`);
    this.inits[init.kind] = init;
  }

  part(part: MediaPart): void {
    this.parts[part.kind].push({ ...part, atMs: Date.now() });
  }

  ended(how: 'finished' | 'killed'): void {
    this.calls.push(`ended ${how}`);
    this.end = how;
  }

  /** A track as a file: its init and all its parts. */
  file(kind: 'video' | 'audio'): Buffer {
    return Buffer.concat([
      this.inits[kind]?.bytes ?? Buffer.alloc(0),
      ...this.parts[kind].map(({ bytes }) => bytes),
    ]);
  }

  /** Media ms of the track's end. */
  lengthMs(kind: 'video' | 'audio'): number {
    return this.parts[kind].at(-1)?.endMs ?? 0;
  }
}
