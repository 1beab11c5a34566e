import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, CHECKOUT } from '../host/paths.ts';
import { hashSources } from '../setup/stamps.ts';
import type { Say } from '../setup/steps.ts';
import { DEMO_COURSES, type DemoCourse } from './courses.ts';
import { packageFootage, stableId } from './package.ts';
import { type Footage, shoot } from './studio.ts';

/** A demo course as the API's seed takes it. */
export interface DemoAsset {
  assetId: string;
  slug: string;
  title: DemoCourse['title'];
  summary: DemoCourse['summary'];
  topic: DemoCourse['topic'];
  durationMs: number;
  manifestKey: string;
  manifestSha256: string;
  posterKey: string;
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
  try {
    const made = await Promise.all(DEMO_COURSES.map((course) => makeCourse(course, unfinished, ffmpegPath)));
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

/** Another ffmpeg makes other bytes, and an object never changes: the asset's id follows from its bytes. */
function hashOf({ video, audio }: Footage): string {
  const hash = createHash('sha256');
  for (const file of [video, audio]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

async function makeCourse(
  course: DemoCourse,
  folder: string,
  ffmpegPath: string,
): Promise<{ asset: DemoAsset; files: CachedFile[] }> {
  const work = path.join(folder, `work-${course.slug}`);
  mkdirSync(work);
  const footage = await shoot(course, work, ffmpegPath);
  const { files, ...place } = packageFootage(stableId(`${course.slug} ${hashOf(footage)}`), footage);
  for (const { key, bytes } of files) {
    const target = path.join(folder, key);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  rmSync(work, { recursive: true });
  const { slug, title, summary, topic } = course;
  return {
    asset: { ...place, slug, title, summary, topic },
    files: files.map(({ key, contentType }) => ({ key, contentType })),
  };
}
