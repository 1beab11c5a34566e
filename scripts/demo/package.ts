import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EpochManifest, type ManifestSegment, type ManifestTrack } from '@yike/contracts/control/manifest';
import { uuidv7 } from '@yike/contracts/ids';
import { type EpochPlace, initKey, manifestKey, type MediaTrack, segmentKey } from '@yike/storage/keys';
import { type CmafChunk, CmafReader } from '../../media/src/core/cmaf-reader.ts';
import {
  AUDIO_SEGMENTS,
  type Part,
  Segmenter,
  type SegmentPolicy,
  VIDEO_SEGMENTS,
} from '../../media/src/core/segmenter.ts';
import type { Footage } from './studio.ts';

/** The demo's assets are all of one moment, so that the same footage gives the same keys and manifests anywhere. */
const MADE_AT_MS = Date.UTC(2026, 0, 1);
const POLICIES: Record<MediaTrack, Omit<SegmentPolicy, 'timescale'>> = {
  video: VIDEO_SEGMENTS,
  audio: AUDIO_SEGMENTS,
};

/** What is to be put into object storage. */
export interface StoredFile {
  key: string;
  bytes: Uint8Array;
  contentType: string;
}

/** One epoch's media as storage and the manifest want them. */
export interface PackagedEpoch {
  manifest: { key: string; sha256: string };
  /** Where its last picture ends, on the timeline. */
  endMs: number;
  /** In the order in which they are to be stored: what names others comes after them. */
  files: StoredFile[];
}

/** The same UUIDv7 for the same name, always. */
export function stableId(name: string): string {
  return uuidv7(MADE_AT_MS, createHash('sha256').update(name).digest());
}

/**
 * Cuts footage into segments and writes their manifest, as the recorder does with a lecture.
 * @param startMs where the epoch begins on the timeline
 */
export function packageEpoch(place: EpochPlace, startMs: number, footage: Footage): PackagedEpoch {
  const video = packageTrack(place, 'video', startMs, readFileSync(footage.video));
  const audio = packageTrack(place, 'audio', startMs, readFileSync(footage.audio));
  const manifest: EpochManifest = {
    version: 1,
    recordingId: place.id,
    epoch: place.epoch,
    state: 'final',
    timelineZeroAtMs: MADE_AT_MS,
    epochStartMs: startMs,
    tracks: { video: video.track, audio: audio.track },
  };
  const bytes = Buffer.from(JSON.stringify(EpochManifest.parse(manifest)));
  const key = manifestKey(place);
  return {
    manifest: { key, sha256: sha256(bytes) },
    endMs: endOf(video.track),
    files: [...video.files, ...audio.files, { key, bytes, contentType: 'application/json' }],
  };
}

interface PackagedTrack {
  track: ManifestTrack;
  files: StoredFile[];
}

function packageTrack(
  place: EpochPlace,
  kind: MediaTrack,
  epochStartMs: number,
  bytes: Uint8Array,
): PackagedTrack {
  const [init, ...fragments] = new CmafReader().push(bytes);
  if (init?.type !== 'init' || init.header.kind !== kind)
    throw new Error(`the demo's ${kind} has no init of its own`);
  const contentType = `${kind}/mp4`;
  const files = [{ key: initKey(place, kind), bytes: init.bytes, contentType }];
  const segments: ManifestSegment[] = [];
  for (const parts of segmentsOf(cut(fragments, { ...POLICIES[kind], timescale: init.header.timescale }))) {
    const seq = segments.length;
    const whole = Buffer.concat(parts.map((part) => part.bytes));
    const key = segmentKey({ ...place, track: kind, seq });
    const firstMs = parts[0]?.startMs ?? 0;
    const durationMs = (parts.at(-1)?.endMs ?? 0) - firstMs;
    const startMs = epochStartMs + firstMs;
    segments.push({ seq, key, startMs, durationMs, bytes: whole.length, sha256: sha256(whole) });
    files.push({ key, bytes: whole, contentType });
  }
  const { codec, width, height } = init.header;
  const track: ManifestTrack = {
    codec,
    ...(width === undefined || height === undefined ? {} : { width, height }),
    initKey: initKey(place, kind),
    initSha256: sha256(init.bytes),
    initBytes: init.bytes.length,
    segments,
  };
  return { track, files };
}

function cut(chunks: CmafChunk[], policy: SegmentPolicy): Part[] {
  const segmenter = new Segmenter(policy);
  const parts = chunks.flatMap((chunk) =>
    chunk.type === 'fragment' ? segmenter.push({ ...chunk.header, bytes: chunk.bytes }) : [],
  );
  return [...parts, ...segmenter.flush()];
}

function segmentsOf(parts: Part[]): Part[][] {
  const segments: Part[][] = [];
  for (const part of parts) {
    if (part.opensSegment) segments.push([]);
    segments.at(-1)?.push(part);
  }
  return segments;
}

function endOf({ segments }: ManifestTrack): number {
  const last = segments.at(-1);
  return last === undefined ? 0 : last.startMs + last.durationMs;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
