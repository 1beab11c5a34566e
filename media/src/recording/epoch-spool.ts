import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TrackKind } from '@yike/contracts/control/manifest';
import type { EpochPlace } from '@yike/storage/keys';
import { EpochIndex } from './epoch-index.ts';
import { EpochJournal, type JournalRecord } from './epoch-journal.ts';
import type { EpochSink, MediaPart, TrackInit } from './ports.ts';

const KINDS = ['video', 'audio'] as const;
const dataSync = promisify(fdatasync);

/** One object that waits for storage: a track's init (`seq` null) or a whole segment. */
export interface SpooledObject {
  readonly kind: TrackKind;
  readonly seq: number | null;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface EpochSpoolOptions {
  readonly folder: string;
  readonly place: EpochPlace;
  /** Places the epoch on the recording's timeline, from the wall clock of its media time 0. */
  readonly anchor: (zeroAtMs: number) => { timelineZeroAtMs: number; epochStartMs: number };
  /** An object is whole and on disk. Called in order within a track, the init first. */
  readonly onObject: (object: SpooledObject) => void;
  /** The disk refused a write; media was lost from here to the next segment. */
  readonly onDamage: (error: unknown) => void;
  readonly onEnded: () => void;
}

interface OpenSegment {
  readonly seq: number;
  readonly file: string;
  readonly fd: number;
  readonly hash: ReturnType<typeof createHash>;
  bytes: number;
}

/**
 * One epoch on disk. Each part is appended at once, so that a killed process loses none that was written; each segment is
 * synced when it is whole, so that a power cut loses at most the open ones. Files go when storage has them.
 */
export class EpochSpool implements EpochSink {
  readonly place: EpochPlace;
  readonly index: EpochIndex;
  readonly #options: EpochSpoolOptions;
  readonly #journal: EpochJournal;
  readonly #open = new Map<TrackKind, OpenSegment>();
  /** Segments that have begun; a lost one keeps its number, so that whoever watches live knows each by the same name. */
  readonly #begun: Record<TrackKind, number> = { video: 0, audio: 0 };
  /** Tracks that lost a part, until a segment begins. */
  readonly #skipping = new Set<TrackKind>();
  readonly #inits = new Map<TrackKind, TrackInit>();
  #zeroAtMs: number | null = null;
  /** Syncs and announcements of one track stay in order. */
  readonly #announced: Record<TrackKind, Promise<void>> = {
    video: Promise.resolve(),
    audio: Promise.resolve(),
  };

  private constructor(options: EpochSpoolOptions, index: EpochIndex) {
    this.#options = options;
    this.place = options.place;
    this.index = index;
    this.#journal = new EpochJournal(journalFile(options.folder));
  }

  static create(options: EpochSpoolOptions): EpochSpool {
    for (const kind of KINDS) mkdirSync(path.join(options.folder, kind), { recursive: true });
    return new EpochSpool(options, new EpochIndex());
  }

  /**
   * Takes up what a killed process left: the torn end of a segment is cut to its last whole part, the open segment is
   * closed, and everything that storage has not confirmed is announced again.
   */
  static recover(options: EpochSpoolOptions): EpochSpool {
    const records = existsSync(journalFile(options.folder))
      ? EpochJournal.read(journalFile(options.folder))
      : [];
    const spool = new EpochSpool(options, EpochIndex.of(records));
    for (const kind of KINDS) spool.#recoverTrack(kind);
    if (spool.index.ended === null) spool.#record({ did: 'ended', how: 'killed' });
    return spool;
  }

  started(zeroAtMs: number): void {
    this.#zeroAtMs = zeroAtMs;
  }

  init(init: TrackInit): void {
    this.#inits.set(init.kind, init);
  }

  part(part: MediaPart): void {
    try {
      if (part.opensSegment) {
        this.#begun[part.kind] += 1;
        this.#closeSegment(part.kind);
      }
      if (this.#skipping.has(part.kind) && !part.opensSegment) return;
      this.#skipping.delete(part.kind);
      this.#append(part);
    } catch (error) {
      this.#damage(part.kind, error);
    }
  }

  ended(how: 'finished' | 'killed'): void {
    if (this.index.ended !== null) return;
    for (const kind of KINDS) this.#closeSegment(kind);
    this.#record({ did: 'ended', how });
    void Promise.all(Object.values(this.#announced)).then(this.#options.onEnded);
  }

  /** Storage has it. A segment's file goes; the journal remembers. The init stays: whoever watches live needs it after a restart. */
  async confirm({ kind, seq, file }: SpooledObject): Promise<void> {
    this.#record({ did: 'stored', kind, seq });
    if (seq !== null) await rm(file, { force: true });
  }

  /** The bytes of a track's init (`seq` null) or of a whole segment; null where they are not here any more. */
  read(kind: TrackKind, seq: number | null): Buffer | null {
    const file = seq === null ? this.#initFile(kind) : this.#segmentFile(kind, seq);
    return existsSync(file) ? readFileSync(file) : null;
  }

  /** The final manifest is in storage. */
  finalise(manifestSha256: string, segments: number): void {
    this.#record({ did: 'final', manifestSha256, segments });
  }

  close(): void {
    this.#journal.close();
  }

  #append(part: MediaPart): void {
    this.#ensureHead(part.kind);
    const open = this.#open.get(part.kind) ?? this.#openSegment(part.kind);
    try {
      writeAll(open.fd, part.bytes);
    } catch (error) {
      ftruncateSync(open.fd, open.bytes);
      throw error;
    }
    const { kind, startMs, endMs } = part;
    this.#record({ did: 'part', kind, seq: open.seq, startMs, endMs, bytes: part.bytes.length });
    open.bytes += part.bytes.length;
    open.hash.update(part.bytes);
  }

  #openSegment(kind: TrackKind): OpenSegment {
    const seq = this.#begun[kind] - 1;
    const file = this.#segmentFile(kind, seq);
    const open = { seq, file, fd: openSync(file, 'w'), hash: createHash('sha256'), bytes: 0 };
    this.#open.set(kind, open);
    return open;
  }

  /** The anchor and the track's init, written before its first part; tried again with each segment while the disk is full. */
  #ensureHead(kind: TrackKind): void {
    if (!this.index.anchor && this.#zeroAtMs !== null) {
      this.#record({ did: 'anchor', ...this.#options.anchor(this.#zeroAtMs) });
    }
    const init = this.#inits.get(kind);
    if (this.index.tracks[kind] || !init) return;
    const { codec, width, height, bytes } = init;
    const file = this.#initFile(kind);
    const sha256 = sha256Hex(bytes);
    writeFileSync(file, bytes, { flush: true });
    const size = { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
    this.#record({ did: 'init', kind, codec, ...size, bytes: bytes.length, sha256 });
    this.#announce({ kind, seq: null, file, bytes: bytes.length, sha256 });
  }

  #closeSegment(kind: TrackKind): void {
    const open = this.#open.get(kind);
    if (!open) return;
    this.#open.delete(kind);
    const { seq, file, bytes, fd } = open;
    if (bytes === 0) {
      closeSync(fd);
      void rm(file, { force: true });
      return;
    }
    const sha256 = open.hash.digest('hex');
    this.#record({ did: 'segment', kind, seq, sha256 });
    const synced = dataSync(fd).finally(() => closeSync(fd));
    this.#announce({ kind, seq, file, bytes, sha256 }, synced);
  }

  #announce(object: SpooledObject, ready: Promise<void> = Promise.resolve()): void {
    const before = this.#announced[object.kind];
    this.#announced[object.kind] = before
      .then(() => ready)
      .catch((error: unknown) => this.#options.onDamage(error))
      .then(() => this.#options.onObject(object));
  }

  /** The segment ends with its last whole part; what follows is dropped up to the next segment, which begins decodable. */
  #damage(kind: TrackKind, error: unknown): void {
    this.#skipping.add(kind);
    this.index.apply({ did: 'lost', kind });
    this.#options.onDamage(error);
    try {
      this.#journal.append({ did: 'lost', kind });
      this.#closeSegment(kind);
    } catch {
      // Still no room: the open segment stays as its journal says, and is closed with the next one or by recovery.
    }
  }

  #record(record: JournalRecord): void {
    this.#journal.append(record);
    this.index.apply(record);
  }

  #recoverTrack(kind: TrackKind): void {
    const track = this.index.tracks[kind];
    if (!track) return;
    if (!track.initStored) {
      const { initBytes: bytes, initSha256: sha256 } = track;
      this.#announce({ kind, seq: null, file: this.#initFile(kind), bytes, sha256 });
    }
    for (const segment of track.segments.filter(({ stored }) => !stored)) {
      const file = this.#segmentFile(kind, segment.seq);
      if (!existsSync(file) || statSync(file).size < segment.bytes) {
        this.#record({ did: 'dropped', kind, seq: segment.seq });
        continue;
      }
      if (segment.sha256 === null) {
        truncateSync(file, segment.bytes);
        this.#record({ did: 'segment', kind, seq: segment.seq, sha256: sha256Hex(readFileSync(file)) });
      }
      this.#announce({ kind, seq: segment.seq, file, bytes: segment.bytes, sha256: segment.sha256 ?? '' });
    }
  }

  #initFile(kind: TrackKind): string {
    return path.join(this.#options.folder, kind, 'init.mp4');
  }

  #segmentFile(kind: TrackKind, seq: number): string {
    return path.join(this.#options.folder, kind, `${seq}.m4s`);
  }
}

const journalFile = (folder: string): string => path.join(folder, 'journal.jsonl');

const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function writeAll(fd: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
}
