import { InvalidKey } from './errors.ts';

/**
 * Where things lie in the bucket. Recordings and assets (uploads, demo) have one shape; an asset has epoch 0 only.
 *
 *     recordings/<id>/<epoch>/manifest.json
 *     recordings/<id>/<epoch>/<track>/init.mp4
 *     recordings/<id>/<epoch>/<track>/<seq>.m4s      seq zero-padded to 6
 *     assets/<id>/0/…
 *     posters/<id>/<version>.<extension>             version: a short hash, so that a poster never changes
 *     captions/<id>/<language>-<version>.vtt         on the clock of that recording's or asset's timeline
 */
export type MediaCollection = 'recordings' | 'assets';
export type MediaTrack = 'video' | 'audio';

export interface EpochPlace {
  readonly collection: MediaCollection;
  readonly id: string;
  readonly epoch: number;
}

export interface SegmentPlace extends EpochPlace {
  readonly track: MediaTrack;
  readonly seq: number;
}

export const recordingPlace = (id: string, epoch: number): EpochPlace => ({
  collection: 'recordings',
  id,
  epoch,
});

export const assetPlace = (id: string): EpochPlace => ({ collection: 'assets', id, epoch: 0 });

/** Everything of one recording or asset, all epochs. */
export const mediaPrefix = (collection: MediaCollection, id: string): string =>
  `${collection}/${safePart(id)}/`;

export const epochPrefix = ({ collection, id, epoch }: EpochPlace): string =>
  `${mediaPrefix(collection, id)}${wholeNumber(epoch, 'epoch')}/`;

export const manifestKey = (place: EpochPlace): string => `${epochPrefix(place)}manifest.json`;

export const initKey = (place: EpochPlace, track: MediaTrack): string =>
  `${epochPrefix(place)}${track}/init.mp4`;

export const segmentKey = ({ track, seq, ...place }: SegmentPlace): string =>
  `${epochPrefix(place)}${track}/${wholeNumber(seq, 'seq').padStart(6, '0')}.m4s`;

export const posterKey = (id: string, version: string, extension: 'jpg' | 'webp' | 'png'): string =>
  `posters/${safePart(id)}/${safePart(version)}.${extension}`;

export const captionKey = (id: string, language: string, version: string): string =>
  `captions/${safePart(id)}/${safePart(language)}-${safePart(version)}.vtt`;

const SEGMENT_KEY = /^(recordings|assets)\/([\w-]+)\/(\d+)\/(video|audio)\/(\d{6,})\.m4s$/;
const MANIFEST_KEY = /^(recordings|assets)\/([\w-]+)\/(\d+)\/manifest\.json$/;
const CAPTION_KEY = /^captions\/([\w-]+)\/([\w-]+)-(\w+)\.vtt$/;

/** The inverse of `segmentKey`; undefined for any other key. */
export function parseSegmentKey(key: string): SegmentPlace | undefined {
  const [, collection, id, epoch, track, seq] = SEGMENT_KEY.exec(key) ?? [];
  if (id === undefined) return undefined;
  const place = { collection, id, epoch: Number(epoch), track, seq: Number(seq) };
  return place as SegmentPlace; // the expression allows only these words
}

/** The inverse of `manifestKey`; undefined for any other key. */
export function parseManifestKey(key: string): EpochPlace | undefined {
  const [, collection, id, epoch] = MANIFEST_KEY.exec(key) ?? [];
  if (id === undefined) return undefined;
  return { collection, id, epoch: Number(epoch) } as EpochPlace; // the expression allows only these words
}

/** The inverse of `captionKey`; undefined for any other key, also where the version is more than letters and digits. */
export function parseCaptionKey(key: string): { id: string; language: string; version: string } | undefined {
  const [, id, language, version] = CAPTION_KEY.exec(key) ?? [];
  if (id === undefined || language === undefined || version === undefined) return undefined;
  return { id, language, version };
}

const MAX_KEY_BYTES = 1024;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;

/**
 * The rules for a key of ours, stricter than S3's: 1 to 1,024 bytes of UTF-8, no control characters, no empty, `.` or
 * `..` part, so that no proxy or client rewrites it.
 * @throws InvalidKey
 */
export function assertKey(key: string): void {
  const fault = keyFault(key);
  if (fault !== undefined) throw new InvalidKey(`storage key ${fault}: ${JSON.stringify(key.slice(0, 100))}`);
}

function keyFault(key: string): string | undefined {
  if (!key.isWellFormed()) return 'is not well-formed Unicode';
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return 'is longer than 1024 bytes';
  if (CONTROL_CHARACTER.test(key)) return 'contains a control character';
  if (key.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return 'has an empty, "." or ".." part';
  }
  return undefined;
}

function safePart(part: string): string {
  if (!/^[\w-]+$/.test(part)) throw new InvalidKey(`not an id for a storage key: ${JSON.stringify(part)}`);
  return part;
}

function wholeNumber(value: number, name: string): string {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidKey(`${name} is not a whole number: ${value}`);
  return String(value);
}
