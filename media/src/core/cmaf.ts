import { childBoxes, findBox, MalformedBox } from './boxes.ts';

/** What an init segment (`ftyp` + `moov`) of one track says. */
export interface TrackHeader {
  readonly kind: 'video' | 'audio';
  /** Ticks in a second of this track's media time. */
  readonly timescale: number;
  /** RFC 6381: `avc1.42c01f`, `mp4a.40.2`. */
  readonly codec: string;
  readonly width?: number;
  readonly height?: number;
  readonly edits: readonly Edit[];
  /** What `trex` says for samples that say nothing themselves. */
  readonly defaultDuration: number;
  readonly defaultFlags: number;
}

/** A line of the edit list: the media that is shown begins at `mediaTime` (ticks); −1 is nothing, for `duration`. */
export interface Edit {
  readonly duration: number;
  readonly mediaTime: number;
}

/** What a `moof` of one track says, in ticks of the track. */
export interface FragmentHeader {
  /** Decode time of the first sample (`tfdt`). */
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly samples: number;
  /** The first sample needs no other. */
  readonly isKey: boolean;
}

/** `sample_is_non_sync_sample` of the sample flags. */
const NON_SYNC = 0x1_0000;

/**
 * Reads the `moov` box of a file with exactly one track.
 * @param moov the box's body
 * @throws MalformedBox where something is missing
 */
export function readTrackHeader(moov: Uint8Array): TrackHeader {
  const trak = bodyOf(moov, 'trak');
  const handler = String.fromCharCode(...bodyOf(trak, 'mdia', 'hdlr').subarray(8, 12));
  const kind = handler === 'vide' ? 'video' : 'audio';
  const mdhd = viewOf(bodyOf(trak, 'mdia', 'mdhd'));
  const trex = viewOf(bodyOf(moov, 'mvex', 'trex'));
  return {
    kind,
    timescale: mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12),
    ...(kind === 'video' ? readVideoEntry(trak) : readAudioEntry(trak)),
    edits: readEdits(findBox(trak, 'edts', 'elst')),
    defaultDuration: trex.getUint32(12),
    defaultFlags: trex.getUint32(20),
  };
}

function sampleEntry(trak: Uint8Array): { type: string; body: Uint8Array } {
  const [entry] = childBoxes(bodyOf(trak, 'mdia', 'minf', 'stbl', 'stsd').subarray(8));
  if (entry === undefined) throw new MalformedBox('stsd is empty');
  return entry;
}

function readVideoEntry(trak: Uint8Array): Pick<TrackHeader, 'codec' | 'width' | 'height'> {
  const { type, body } = sampleEntry(trak);
  const view = viewOf(body);
  const avcC = bodyOf(body.subarray(78), 'avcC');
  return {
    codec: `${type}.${[...avcC.subarray(1, 4)].map(hexByte).join('')}`,
    width: view.getUint16(24),
    height: view.getUint16(26),
  };
}

/** ffmpeg's AAC encoder writes AAC-LC (object type 2) and nothing else. */
function readAudioEntry(trak: Uint8Array): Pick<TrackHeader, 'codec'> {
  return { codec: `${sampleEntry(trak).type}.40.2` };
}

function readEdits(elst: Uint8Array | undefined): Edit[] {
  if (elst === undefined) return [];
  const view = viewOf(elst);
  const isLong = view.getUint8(0) === 1;
  return Array.from({ length: view.getUint32(4) }, (_, index) => {
    const at = 8 + index * (isLong ? 20 : 12);
    return isLong
      ? { duration: Number(view.getBigUint64(at)), mediaTime: Number(view.getBigInt64(at + 8)) }
      : { duration: view.getUint32(at), mediaTime: view.getInt32(at + 4) };
  });
}

/**
 * Reads a `moof` box with one track fragment.
 * @param moof the box's body
 * @throws MalformedBox where something is missing
 */
export function readFragmentHeader(moof: Uint8Array, track: TrackHeader): FragmentHeader {
  const traf = bodyOf(moof, 'traf');
  const defaults = readDefaults(viewOf(bodyOf(traf, 'tfhd')), track);
  const tfdt = viewOf(bodyOf(traf, 'tfdt'));
  const startTicks = tfdt.getUint8(0) === 1 ? Number(tfdt.getBigUint64(4)) : tfdt.getUint32(4);
  let durationTicks = 0;
  let samples = 0;
  let firstFlags: number | undefined;
  for (const { type, body } of childBoxes(traf)) {
    if (type !== 'trun') continue;
    const run = readRun(viewOf(body), defaults);
    firstFlags ??= run.firstFlags;
    durationTicks += run.durationTicks;
    samples += run.samples;
  }
  return {
    startTicks,
    durationTicks,
    samples,
    isKey: firstFlags !== undefined && (firstFlags & NON_SYNC) === 0,
  };
}

interface SampleDefaults {
  readonly duration: number;
  readonly flags: number;
}

function readDefaults(tfhd: DataView, track: TrackHeader): SampleDefaults {
  const present = tfhd.getUint32(0);
  let at = 8;
  if ((present & 0x01) !== 0) at += 8; // base data offset
  if ((present & 0x02) !== 0) at += 4; // sample description index
  let duration = track.defaultDuration;
  if ((present & 0x08) !== 0) {
    duration = tfhd.getUint32(at);
    at += 4;
  }
  if ((present & 0x10) !== 0) at += 4; // size
  return { duration, flags: (present & 0x20) === 0 ? track.defaultFlags : tfhd.getUint32(at) };
}

/** Which fields each sample of a `trun` has, in this order, and whether the first one's flags stand before them. */
const RUN = { dataOffset: 0x01, firstFlags: 0x04, duration: 0x100, size: 0x200, flags: 0x400, offset: 0x800 };

function readRun(
  trun: DataView,
  defaults: SampleDefaults,
): { durationTicks: number; samples: number; firstFlags: number } {
  const present = trun.getUint32(0);
  const has = (field: number): boolean => (present & field) !== 0;
  const samples = trun.getUint32(4);
  let at = 8 + (has(RUN.dataOffset) ? 4 : 0);
  let firstFlags = defaults.flags;
  if (has(RUN.firstFlags)) {
    firstFlags = trun.getUint32(at);
    at += 4;
  }
  const flagsAt = (has(RUN.duration) ? 4 : 0) + (has(RUN.size) ? 4 : 0);
  if (!has(RUN.firstFlags) && has(RUN.flags) && samples > 0) firstFlags = trun.getUint32(at + flagsAt);
  if (!has(RUN.duration)) return { durationTicks: samples * defaults.duration, samples, firstFlags };
  const sampleBytes = flagsAt + (has(RUN.flags) ? 4 : 0) + (has(RUN.offset) ? 4 : 0);
  let durationTicks = 0;
  for (let index = 0; index < samples; index += 1) durationTicks += trun.getUint32(at + index * sampleBytes);
  return { durationTicks, samples, firstFlags };
}

function bodyOf(bytes: Uint8Array, ...path: readonly string[]): Uint8Array {
  const body = findBox(bytes, ...path);
  if (body === undefined) throw new MalformedBox(`there is no ${path.join(' > ')}`);
  return body;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
