import type { Readable } from 'node:stream';
import { CmafReader, type CmafChunk } from '../core/cmaf-reader.ts';
import type { TrackHeader } from '../core/cmaf.ts';
import { AUDIO_SEGMENTS, Segmenter, VIDEO_SEGMENTS, type Part } from '../core/segmenter.ts';
import { EpochFailure } from './epoch-failure.ts';
import type { MediaPart, TrackInit } from './ports.ts';

/** What comes out of a track, in order: its init, then parts. */
export interface TrackListener {
  init(init: TrackInit): void;
  part(part: MediaPart): void;
}

const POLICIES = { video: VIDEO_SEGMENTS, audio: AUDIO_SEGMENTS };

/** Reads one of ffmpeg's pipes, checks that the track begins at media time 0, and hands out its parts. */
export class TrackOutput {
  readonly #kind: 'video' | 'audio';
  readonly #listener: TrackListener;
  readonly #reader = new CmafReader();
  /** Held until the first fragment has shown where the track begins. */
  #init: Extract<CmafChunk, { type: 'init' }> | undefined;
  #segmenter: Segmenter | undefined;

  constructor(kind: 'video' | 'audio', listener: TrackListener) {
    this.#kind = kind;
    this.#listener = listener;
  }

  /** Reads to the end. Resolves when nothing more can come. @throws EpochFailure */
  async read(pipe: Readable): Promise<void> {
    try {
      for await (const bytes of pipe as AsyncIterable<Uint8Array>) {
        for (const chunk of this.#reader.push(bytes)) this.#take(chunk);
      }
      for (const part of this.#segmenter?.flush() ?? []) this.#hand(part);
    } catch (error) {
      if (error instanceof EpochFailure) throw error;
      throw new EpochFailure('malformed', `the ${this.#kind} cannot be read`, { cause: error });
    }
  }

  #take(chunk: CmafChunk): void {
    if (chunk.type === 'init') {
      this.#init = chunk;
      return;
    }
    this.#segmenter ??= this.#begin(chunk.header.startTicks);
    const { startTicks, durationTicks, isKey } = chunk.header;
    for (const part of this.#segmenter.push({ startTicks, durationTicks, isKey, bytes: chunk.bytes })) {
      this.#hand(part);
    }
  }

  #begin(startTicks: number): Segmenter {
    const init = this.#init;
    if (init === undefined) throw new EpochFailure('malformed', `the ${this.#kind} has no header`);
    const policy = POLICIES[this.#kind];
    if (startTicks !== 0 || !showsFrom(init.header, policy.offsetTicks)) {
      const edits = JSON.stringify(init.header.edits);
      throw new EpochFailure('misaligned', `the ${this.#kind} begins at ${startTicks} with edits ${edits}`);
    }
    const { codec, timescale, width, height } = init.header;
    const size = width === undefined || height === undefined ? {} : { width, height };
    this.#listener.init({ kind: this.#kind, codec, ...size, bytes: asBuffer(init.bytes) });
    return new Segmenter({ ...policy, timescale });
  }

  #hand(part: Part): void {
    this.#listener.part({ ...part, kind: this.#kind, bytes: asBuffer(part.bytes) });
  }
}

/** Whether a player shows the track's media from this tick on at media time 0. */
function showsFrom({ edits }: TrackHeader, ticks: number): boolean {
  if (edits.length === 0) return ticks === 0;
  return edits.length === 1 && edits[0]?.mediaTime === ticks;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}
