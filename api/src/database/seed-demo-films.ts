import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EpochManifest } from '@yike/contracts/control/manifest';
import { Locale } from '@yike/contracts/http/accounts';
import { Topic } from '@yike/contracts/http/lectures';
import {
  AssetId,
  BroadcastId,
  CourseId,
  LectureId,
  LineageId,
  MediaNodeId,
  type OrgUnitId,
  RecordingId,
  UnitId,
  type UserId,
  uuidv7,
} from '@yike/contracts/ids';
import type { ObjectStore } from '@yike/storage/object-store';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { replayCut } from '../domain/recording.ts';
import { BroadcastEntity } from '../features/broadcasts/broadcast.entity.ts';
import { LectureEntity } from '../features/lectures/lecture.entity.ts';
import type { CourseRow } from '../features/library/course.entity.ts';
import { CoursesRepository } from '../features/library/courses.repository.ts';
import { CaptionsRepository } from '../features/timelines/captions.repository.ts';
import { type ReadManifest, TimelineRecorder } from '../features/timelines/timeline-recorder.ts';
import { TimelineEntity } from '../features/timelines/timeline.entity.ts';
import { TimelinesRepository } from '../features/timelines/timelines.repository.ts';

const Words = z.object({ zh: z.string(), en: z.string() });

/** A film whose media is in object storage: a course of its own, or the recording of a lecture that is over. */
const DemoFilm = z.object({
  kind: z.enum(['course', 'lecture']),
  assetId: AssetId,
  slug: z.string(),
  title: Words,
  summary: Words,
  topic: Topic,
  durationMs: z.int().positive(),
  manifests: z.array(z.object({ key: z.string(), sha256: z.string() })).min(1),
  posterKey: z.string(),
  captions: z.array(z.object({ language: Locale, key: z.string() })),
});
export type DemoFilm = z.infer<typeof DemoFilm>;

/** Reads the file that `DEMO_ASSETS` names. @throws {z.ZodError} */
export const readFilms = async (file: string): Promise<DemoFilm[]> =>
  z.array(DemoFilm).parse(JSON.parse(await readFile(file, 'utf8')));

/** The same id for the same thing, so that seeding again changes nothing. */
export const stableId = <S extends z.ZodType<string>>(schema: S, name: string): z.infer<S> =>
  schema.parse(uuidv7(Date.UTC(2026, 10, 1), createHash('sha256').update(name).digest()));

/** Where a film is put in place. */
export interface FilmPlace {
  readonly tx: EntityManager;
  readonly store: ObjectStore;
  readonly orgUnitId: OrgUnitId;
  readonly lecturerId: UserId;
  /** When it was published, or when its lecture began. */
  readonly at: Date;
}

/** Puts a film into the library, unless it is there. @throws Error where a manifest in storage is not the one that the file names */
export async function seedFilm(film: DemoFilm, place: FilmPlace): Promise<void> {
  const { tx, orgUnitId } = place;
  const courses = new CoursesRepository();
  if ((await courses.bySlug(film.slug, tx)) !== null) return;
  const lineageId = await seedTimeline(film, place);
  const { recorded } = await tx.findOneByOrFail(TimelineEntity, { id: lineageId });
  const cutRanges = replayCut(recorded, film.durationMs);
  const courseId = stableId(CourseId, film.slug);
  const course: CourseRow = {
    id: courseId,
    title: film.title.zh,
    summary: film.summary.zh,
    topic: film.topic,
    origin: 'demo',
    lectureId: null,
    lecturerId: null,
    orgUnitId,
    slug: film.slug,
    givesCertificate: true,
    posterKey: film.posterKey,
    durationMs: film.durationMs,
    publishedAt: place.at,
    ...(film.kind === 'lecture' ? await seedLecture(film, courseId, place) : {}),
  };
  const unit = {
    id: stableId(UnitId, film.slug),
    courseId,
    position: 0,
    title: film.title.zh,
    lineageId,
    cutRanges,
  };
  await courses.insert(course, [unit], tx);
}

/** The index of the film's media, by its manifests as after a broadcast, and its captions. */
async function seedTimeline(film: DemoFilm, { tx, store }: FilmPlace): Promise<LineageId> {
  const lineageId = LineageId.parse(film.assetId);
  const recorder = new TimelineRecorder(new TimelinesRepository());
  await recorder.begin(lineageId, film.kind === 'lecture' ? 'recording' : 'asset', tx);
  const manifests = await Promise.all(film.manifests.map((named) => readManifest(named, store)));
  await recorder.complete(lineageId, manifests, false, tx);
  const captions = new CaptionsRepository();
  for (const { language, key } of film.captions) {
    await captions.put({ timelineId: lineageId, language, objectKey: key }, tx);
  }
  return lineageId;
}

/** The lecture of which the film is the replay: planned, held and over. */
async function seedLecture(
  film: DemoFilm,
  courseId: CourseId,
  { tx, orgUnitId, lecturerId, at }: FilmPlace,
): Promise<Partial<CourseRow>> {
  const id = stableId(LectureId, film.slug);
  const broadcastId = stableId(BroadcastId, film.slug);
  const over = new Date(at.getTime() + film.durationMs);
  await tx.insert(LectureEntity, {
    ...{ id, broadcastId, lecturerId, orgUnitId },
    title: film.title.zh,
    summary: film.summary.zh,
    topic: film.topic,
    startsAt: at,
    plannedMinutes: Math.max(5, Math.ceil(film.durationMs / 60_000)),
    givesCertificate: true,
    state: 'ended',
    liveSince: at,
    replayCourseId: courseId,
  });
  await tx.insert(BroadcastEntity, {
    id: broadcastId,
    lectureId: id,
    recordingId: RecordingId.parse(film.assetId),
    state: 'ended',
    publisherSince: over,
    plannedEnd: over,
    liveSince: at,
    endedAt: over,
    closeReason: 'ended',
    mediaNode: MediaNodeId.parse('local'),
    completedAt: over,
  });
  return { origin: 'replay', lectureId: id, lecturerId, publishedAt: over };
}

async function readManifest(
  { key, sha256 }: DemoFilm['manifests'][number],
  store: ObjectStore,
): Promise<ReadManifest> {
  const bytes = await store.getBuffer(key);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${key} has another hash`);
  return { key, sha256, manifest: EpochManifest.parse(JSON.parse(bytes.toString('utf8'))) };
}
