import type { EpochManifest, ManifestTrack, TrackKind } from '@yike/contracts/control/manifest';
import { type EpochPlace, initKey, segmentKey } from '@yike/storage/keys';
import type { JournalRecord } from './epoch-journal.ts';

export interface IndexedSegment {
  readonly seq: number;
  readonly startMs: number;
  endMs: number;
  bytes: number;
  /** Set when the segment is whole. */
  sha256: string | null;
  stored: boolean;
}

export interface IndexedTrack {
  readonly codec: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly initBytes: number;
  readonly initSha256: string;
  initStored: boolean;
  readonly segments: IndexedSegment[];
}

/** What an epoch's journal adds up to. A fold over its records, so that a running and a recovered epoch are the same thing. */
export class EpochIndex {
  anchor: { readonly timelineZeroAtMs: number; readonly epochStartMs: number } | null = null;
  readonly tracks: { video?: IndexedTrack; audio?: IndexedTrack } = {};
  ended: 'finished' | 'killed' | null = null;
  /** Parts were lost because the disk was full. */
  damaged = false;
  final: { readonly manifestSha256: string; readonly segments: number } | null = null;

  static of(records: readonly JournalRecord[]): EpochIndex {
    const index = new EpochIndex();
    for (const record of records) index.apply(record);
    return index;
  }

  apply(record: JournalRecord): void {
    switch (record.did) {
      case 'anchor':
        this.anchor = record;
        return;
      case 'init':
        this.tracks[record.kind] = {
          codec: record.codec,
          width: record.width,
          height: record.height,
          initBytes: record.bytes,
          initSha256: record.sha256,
          initStored: false,
          segments: [],
        };
        return;
      case 'part': {
        this.#applyPart(record);
        return;
      }
      case 'segment': {
        const segment = this.#segment(record.kind, record.seq);
        if (segment) segment.sha256 = record.sha256;
        return;
      }
      case 'stored': {
        this.#applyStored(record.kind, record.seq);
        return;
      }
      case 'dropped':
        this.damaged = true;
        this.#drop(record.kind, record.seq);
        return;
      case 'lost':
        this.damaged = true;
        return;
      case 'ended':
        this.ended = record.how;
        return;
      case 'final':
        this.final = record;
    }
  }

  /** The track's segment that still grows, or none. */
  open(kind: TrackKind): IndexedSegment | undefined {
    const last = this.tracks[kind]?.segments.at(-1);
    return last?.sha256 === null ? last : undefined;
  }

  /** Epoch-clock end of what storage has of the track that has most. */
  get storedEndMs(): number {
    return Math.max(
      0,
      ...this.#all().flatMap((track) => track.segments.filter((s) => s.stored).map((s) => s.endMs)),
    );
  }

  get isAllStored(): boolean {
    return this.#all().every(
      (track) => track.initStored && track.segments.every((segment) => segment.stored),
    );
  }

  #all(): IndexedTrack[] {
    return Object.values(this.tracks);
  }

  #segment(kind: TrackKind, seq: number): IndexedSegment | undefined {
    return this.tracks[kind]?.segments.findLast((segment) => segment.seq === seq);
  }

  #drop(kind: TrackKind, seq: number): void {
    const segments = this.tracks[kind]?.segments ?? [];
    const at = segments.findIndex((segment) => segment.seq === seq);
    if (at >= 0) segments.splice(at, 1);
  }

  #applyPart({ kind, seq, startMs, endMs, bytes }: Extract<JournalRecord, { did: 'part' }>): void {
    const segment = this.#segment(kind, seq);
    if (segment) {
      segment.endMs = endMs;
      segment.bytes += bytes;
    } else {
      this.tracks[kind]?.segments.push({ seq, startMs, endMs, bytes, sha256: null, stored: false });
    }
  }

  #applyStored(kind: TrackKind, seq: number | null): void {
    const track = this.tracks[kind];
    if (!track) return;
    if (seq === null) {
      track.initStored = true;
      return;
    }
    const segment = this.#segment(kind, seq);
    if (segment) segment.stored = true;
  }
}

/**
 * The manifest of what storage has confirmed. Every timeline ms is `epochStartMs` plus the media clock.
 * @throws if the epoch has no anchor: it has no media either
 */
export function manifestOf(
  place: EpochPlace,
  index: EpochIndex,
  state: EpochManifest['state'],
): EpochManifest {
  if (!index.anchor) throw new Error('an epoch without an anchor has no manifest');
  const tracks: EpochManifest['tracks'] = {};
  for (const kind of ['video', 'audio'] as const) {
    const track = manifestTrack(place, kind, index);
    if (track) tracks[kind] = track;
  }
  return {
    version: 1,
    recordingId: place.id,
    epoch: place.epoch,
    state,
    timelineZeroAtMs: index.anchor.timelineZeroAtMs,
    epochStartMs: index.anchor.epochStartMs,
    tracks,
  };
}

function manifestTrack(place: EpochPlace, kind: TrackKind, index: EpochIndex): ManifestTrack | undefined {
  const track = index.tracks[kind];
  if (!track?.initStored) return undefined;
  return {
    ...trackHead(place, kind, track),
    segments: track.segments
      .filter((segment) => segment.stored)
      .map((segment) => manifestSegment(place, kind, segment, index)),
  };
}

/** A track's part of the manifest without its segments. */
export function trackHead(
  place: EpochPlace,
  kind: TrackKind,
  track: IndexedTrack,
): Omit<ManifestTrack, 'segments'> {
  return {
    codec: track.codec,
    ...(track.width === undefined ? {} : { width: track.width }),
    ...(track.height === undefined ? {} : { height: track.height }),
    initKey: initKey(place, kind),
    initSha256: track.initSha256,
    initBytes: track.initBytes,
  };
}

/** A whole segment as the manifest and the events name it. */
export function manifestSegment(
  place: EpochPlace,
  kind: TrackKind,
  segment: IndexedSegment,
  index: EpochIndex,
) {
  if (segment.sha256 === null || !index.anchor)
    throw new Error('a segment that is not whole is in no manifest');
  return {
    seq: segment.seq,
    key: segmentKey({ ...place, track: kind, seq: segment.seq }),
    startMs: index.anchor.epochStartMs + segment.startMs,
    durationMs: segment.endMs - segment.startMs,
    bytes: segment.bytes,
    sha256: segment.sha256,
  };
}
