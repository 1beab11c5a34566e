import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { EpochManifest } from '@yike/contracts/control/manifest';
import { Topic } from '@yike/contracts/http/lectures';
import {
  AssetId,
  CourseId,
  LectureId,
  LineageId,
  OrgUnitId,
  UnitId,
  UserId,
  uuidv7,
} from '@yike/contracts/ids';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { pino } from 'pino';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { readSeedConfig, type SeedConfig } from '../config.ts';
import { replayCut } from '../domain/recording.ts';
import { DEMO_ACCOUNTS, demoPasswords } from '../features/accounts/demo-accounts.ts';
import { OrgUnitEntity } from '../features/accounts/org-unit.entity.ts';
import { hashPassword } from '../features/accounts/passwords.ts';
import { UserEntity } from '../features/accounts/user.entity.ts';
import { LectureEntity } from '../features/lectures/lecture.entity.ts';
import { CoursesRepository } from '../features/library/courses.repository.ts';
import { TimelineRecorder } from '../features/timelines/timeline-recorder.ts';
import { TimelineEntity } from '../features/timelines/timeline.entity.ts';
import { TimelinesRepository } from '../features/timelines/timelines.repository.ts';
import { createDataSource } from './data-source.ts';

const Words = z.object({ zh: z.string(), en: z.string() });

/** The file that `DEMO_ASSETS` names: the demo's courses, whose media is in object storage. */
const DemoAssets = z.array(
  z.object({
    assetId: AssetId,
    slug: z.string(),
    title: Words,
    summary: Words,
    topic: Topic,
    durationMs: z.int().positive(),
    manifestKey: z.string(),
    manifestSha256: z.string(),
    posterKey: z.string(),
  }),
);
type DemoAsset = z.infer<typeof DemoAssets>[number];

const COLLEGE = '清河区社区学院';
const SCHOOL = '临江街道社区学校';
const EVENING = { hours: 19, minutes: 30 };
const DAY_MS = 86_400_000;
/** Shanghai is 8 hours ahead of UTC all year. */
const SHANGHAI_MS = 8 * 3_600_000;

/** The same id for the same thing, so that seeding again changes nothing. */
const stableId = <S extends z.ZodType<string>>(schema: S, name: string): z.infer<S> =>
  schema.parse(uuidv7(Date.UTC(2026, 10, 1), createHash('sha256').update(name).digest()));

const COLLEGE_ID = stableId(OrgUnitId, COLLEGE);
const SCHOOL_ID = stableId(OrgUnitId, SCHOOL);
const userIdOf = (username: string): UserId => stableId(UserId, `user ${username}`);

/** Puts the demo's organisations, accounts, lecture and courses in place; again, only the passwords change. */
export async function seedDemo(config: SeedConfig, store: ObjectStore, now: Date): Promise<void> {
  const dataSource = await createDataSource(config.DATABASE_URL, pino({ level: 'silent' })).initialize();
  try {
    const assets = config.DEMO_ASSETS === undefined ? [] : await readAssets(config.DEMO_ASSETS);
    await dataSource.transaction(async (tx) => {
      await seedAccounts(tx, config.DEMO_PASSWORDS);
      await seedLecture(tx, now);
      for (const asset of assets) await seedCourse(asset, tx, store, now);
    });
  } finally {
    await dataSource.destroy();
  }
}

const readAssets = async (file: string): Promise<DemoAsset[]> =>
  DemoAssets.parse(JSON.parse(await readFile(file, 'utf8')));

async function seedAccounts(tx: EntityManager, passwords: string | undefined): Promise<void> {
  await tx.upsert(OrgUnitEntity, { id: COLLEGE_ID, name: COLLEGE, parentId: null }, ['id']);
  await tx.upsert(OrgUnitEntity, { id: SCHOOL_ID, name: SCHOOL, parentId: COLLEGE_ID }, ['id']);
  const passwordOf = demoPasswords(passwords);
  for (const { username, displayName, role } of DEMO_ACCOUNTS) {
    const passwordHash = await hashPassword(passwordOf(username));
    const orgUnitId = role === 'resident' ? SCHOOL_ID : COLLEGE_ID;
    const id = userIdOf(username);
    const user = {
      id,
      username,
      displayName,
      passwordHash,
      roles: [role],
      locale: 'zh-CN' as const,
      orgUnitId,
    };
    await tx
      .createQueryBuilder()
      .insert()
      .into(UserEntity)
      .values(user)
      .orUpdate(['password_hash'], ['id'])
      .execute();
  }
}

/** This evening, or tomorrow's where it is past. One coming lecture is enough. */
async function seedLecture(tx: EntityManager, now: Date): Promise<void> {
  const lecturerId = userIdOf('lecturer');
  const coming = await tx
    .createQueryBuilder(LectureEntity, 'lecture')
    .where("lecture.lecturer_id = :lecturerId AND lecture.state = 'scheduled'", { lecturerId })
    .andWhere('lecture.starts_at > :now', { now })
    .getCount();
  if (coming > 0) return;
  const startsAt = nextEvening(now);
  await tx.insert(LectureEntity, {
    id: stableId(LectureId, `lecture ${startsAt.toISOString()}`),
    title: '秋冬养生：高血压的家庭管理',
    summary: '怎样在家量血压，哪些数字该去医院，日常饮食和运动怎么安排。课后可看回放，看完计入学时。',
    topic: 'health',
    startsAt,
    plannedMinutes: 45,
    givesCertificate: true,
    lecturerId,
    orgUnitId: COLLEGE_ID,
  });
}

function nextEvening(now: Date): Date {
  const local = now.getTime() + SHANGHAI_MS;
  const midnight = local - (local % DAY_MS) - SHANGHAI_MS;
  const evening = midnight + EVENING.hours * 3_600_000 + EVENING.minutes * 60_000;
  return new Date(evening > now.getTime() ? evening : evening + DAY_MS);
}

/** @throws Error where the manifest in storage is not the one that the file names */
async function seedCourse(asset: DemoAsset, tx: EntityManager, store: ObjectStore, now: Date): Promise<void> {
  const courses = new CoursesRepository();
  if ((await courses.bySlug(asset.slug, tx)) !== null) return;
  const lineageId = LineageId.parse(asset.assetId);
  const recorder = new TimelineRecorder(new TimelinesRepository());
  await recorder.begin(lineageId, 'asset', tx);
  await recorder.complete(lineageId, [await readManifest(asset, store)], false, tx);
  const { recorded } = await tx.findOneByOrFail(TimelineEntity, { id: lineageId });
  const courseId = stableId(CourseId, asset.slug);
  const course = {
    id: courseId,
    title: asset.title.zh,
    summary: asset.summary.zh,
    topic: asset.topic,
    origin: 'demo' as const,
    lectureId: null,
    lecturerId: null,
    orgUnitId: COLLEGE_ID,
    slug: asset.slug,
    givesCertificate: true,
    posterKey: asset.posterKey,
    durationMs: asset.durationMs,
    publishedAt: now,
  };
  const cutRanges = replayCut(recorded, asset.durationMs);
  const unit = {
    id: stableId(UnitId, asset.slug),
    courseId,
    position: 0,
    title: asset.title.zh,
    lineageId,
    cutRanges,
  };
  await courses.insert(course, [unit], tx);
}

async function readManifest({ manifestKey: key, manifestSha256: sha256 }: DemoAsset, store: ObjectStore) {
  const bytes = await store.getBuffer(key);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${key} has another hash`);
  return { key, sha256, manifest: EpochManifest.parse(JSON.parse(bytes.toString('utf8'))) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const config = readSeedConfig();
  const store = createMinioStore({
    endpoint: config.S3_ENDPOINT,
    accessKey: config.S3_ACCESS_KEY,
    secretKey: config.S3_SECRET_KEY,
    bucket: config.S3_BUCKET,
    region: config.S3_REGION,
  });
  await seedDemo(config, store, new Date());
  store.close();
}
