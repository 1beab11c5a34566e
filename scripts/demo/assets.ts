import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Locale } from '@yike/contracts/http/accounts';
import { assetPlace, captionKey, posterKey, recordingPlace } from '@yike/storage/keys';
import { cacheFolder, CHECKOUT } from '../host/paths.ts';
import { hashSources } from '../setup/stamps.ts';
import type { Say } from '../setup/steps.ts';
import { type Run, writeCaptions } from './captions.ts';
import { type Film, type InterruptedFilm, secondsOf } from './film.ts';
import { packageEpoch, sha256, stableId, type StoredFile } from './package.ts';
import { DEMO_COURSES, DEMO_LECTURE } from './programme.ts';
import { type Footage, shoot } from './studio.ts';

/** A demo film as the API's seed takes it. */
export interface DemoAsset {
  /** A course of its own, or the recording of a lecture that is over. */
  kind: 'course' | 'lecture';
  assetId: string;
  slug: string;
  title: Film['title'];
  summary: Film['summary'];
  topic: Film['topic'];
  durationMs: number;
  /** One for each epoch, in order. */
  manifests: { key: string; sha256: string }[];
  posterKey: string;
  captions: { language: Locale; key: string }[];
}

/** A file in the cache that belongs into object storage. */
export interface CachedFile {
  key: string;
  contentType: string;
}

/** The demo's media in the cache. */
export interface DemoMedia {
  /** Where `assets.json` is, the list for the seed. */
  listFile: string;
  files: CachedFile[];
  /** The folder where the files stand under their keys. */
  folder: string;
}

/** The demo's media: from the cache, else made now (under a minute) and kept there for every clone. */
export async function provideDemoMedia(ffmpegPath: string, say: Say): Promise<DemoMedia> {
  const version = hashSources(CHECKOUT, ['scripts/demo', 'media/src/core']).slice(0, 16);
  const folder = path.join(cacheFolder(), 'demo', version);
  if (!existsSync(folder)) {
    say('making the demo courses, this takes under a minute once');
    await make(folder, ffmpegPath);
  }
  const listFile = path.join(folder, 'assets.json');
  return {
    listFile,
    folder,
    files: JSON.parse(readFileSync(path.join(folder, 'files.json'), 'utf8')) as CachedFile[], // Written below, by this version.
  };
}

async function make(folder: string, ffmpegPath: string): Promise<void> {
  mkdirSync(path.dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}.`);
  const films = [DEMO_LECTURE, ...DEMO_COURSES];
  try {
    const made = await Promise.all(films.map((film) => makeFilm(film, unfinished, ffmpegPath)));
    const write = (name: string, value: unknown): void =>
      writeFileSync(path.join(unfinished, name), JSON.stringify(value, undefined, 2));
    write(
      'assets.json',
      made.map(({ asset }) => asset),
    );
    write(
      'files.json',
      made.flatMap(({ files }) => files),
    );
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // Else another start was quicker.
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** The runs of a film between which its recorder was away. */
function runsOf(film: Film | InterruptedFilm): Run[] {
  if (!('interruption' in film)) return [{ startMs: 0, slides: film.slides }];
  const { afterSlides, seconds } = film.interruption;
  const before = film.slides.slice(0, afterSlides);
  return [
    { startMs: 0, slides: before },
    { startMs: (secondsOf(before) + seconds) * 1_000, slides: film.slides.slice(afterSlides) },
  ];
}

/** Another ffmpeg makes other bytes, and an object never changes: the asset's id follows from its bytes. */
function hashOf(footage: readonly Footage[]): string {
  const hash = createHash('sha256');
  for (const { video, audio } of footage) for (const file of [video, audio]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

interface MadeFilm {
  asset: DemoAsset;
  files: CachedFile[];
}

async function makeFilm(film: Film | InterruptedFilm, folder: string, ffmpegPath: string): Promise<MadeFilm> {
  const work = path.join(folder, `work-${film.slug}`);
  mkdirSync(work);
  const runs = runsOf(film);
  const footage = await shootRuns(film, runs, work, ffmpegPath);
  const asset = packageFilm(film, runs, footage);
  for (const { key, bytes } of asset.files) {
    const target = path.join(folder, key);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  rmSync(work, { recursive: true });
  return { ...asset, files: asset.files.map(({ key, contentType }) => ({ key, contentType })) };
}

async function shootRuns(film: Film, runs: readonly Run[], work: string, ffmpegPath: string) {
  const footage: Footage[] = [];
  for (const [index, { slides }] of runs.entries()) {
    const folder = path.join(work, String(index));
    mkdirSync(folder);
    footage.push(await shoot(film, slides, folder, ffmpegPath));
  }
  return footage;
}

/** Everything of a film that is to be stored: what names others comes after them. */
function packageFilm(
  film: Film | InterruptedFilm,
  runs: readonly Run[],
  footage: readonly Footage[],
): { asset: DemoAsset; files: StoredFile[] } {
  const { slug, title, summary, topic } = film;
  const kind = 'interruption' in film ? 'lecture' : 'course';
  const assetId = stableId(`${slug} ${hashOf(footage)}`);
  const epochs = footage.map((each, epoch) => {
    const place = kind === 'lecture' ? recordingPlace(assetId, epoch) : assetPlace(assetId);
    return packageEpoch(place, runs[epoch]?.startMs ?? 0, each);
  });
  const poster = versioned(readFileSync(footage[0]?.poster ?? ''), 'image/jpeg', (version) =>
    posterKey(assetId, version, 'jpg'),
  );
  const captions = Locale.options.map((language) => ({
    language,
    ...versioned(Buffer.from(writeCaptions(runs, language)), 'text/vtt', (version) =>
      captionKey(assetId, language, version),
    ),
  }));
  return {
    asset: {
      ...{ kind, assetId, slug, title, summary, topic, posterKey: poster.key },
      durationMs: Math.max(...epochs.map(({ endMs }) => endMs)),
      manifests: epochs.map(({ manifest }) => manifest),
      captions: captions.map(({ language, key }) => ({ language, key })),
    },
    files: [poster, ...captions, ...epochs.flatMap(({ files }) => files)],
  };
}

function versioned(bytes: Buffer, contentType: string, keyOf: (version: string) => string): StoredFile {
  return { key: keyOf(sha256(bytes).slice(0, 12)), bytes, contentType };
}
