import { pathToFileURL } from 'node:url';
import { LectureId, RoleGrantId, UserId } from '@yike/contracts/ids';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { pino } from 'pino';
import type { EntityManager } from 'typeorm';
import { readSeedConfig, type SeedConfig } from '../config.ts';
import { DEMO_ACCOUNTS, demoPasswords } from '../features/accounts/demo-accounts.ts';
import { hashPassword } from '../features/accounts/passwords.ts';
import { UserEntity } from '../features/accounts/user.entity.ts';
import { LectureEntity } from '../features/lectures/lecture.entity.ts';
import { RoleGrantsRepository } from '../features/roles/role-grants.repository.ts';
import { createDataSource } from './data-source.ts';
import { type DemoFilm, readFilms, seedFilm, stableId } from './seed-demo-films.ts';
import { demoUnitId, seedOrganisations } from './seed-demo-organisations.ts';

const DISTRICT_ID = demoUnitId('滨江区');
const EVENING = { hours: 19, minutes: 30 };
const DAY_MS = 86_400_000;
const LECTURE_DAYS_AGO = 4;
/** Shanghai is 8 hours ahead of UTC all year. */
const SHANGHAI_MS = 8 * 3_600_000;

const userIdOf = (username: string): UserId => stableId(UserId, `user ${username}`);

/** Puts the demo's organisations, accounts, lecture and courses in place; again, only the passwords change. */
export async function seedDemo(config: SeedConfig, store: ObjectStore, now: Date): Promise<void> {
  const dataSource = await createDataSource(config.DATABASE_URL, pino({ level: 'silent' })).initialize();
  try {
    const films = config.DEMO_ASSETS === undefined ? [] : await readFilms(config.DEMO_ASSETS);
    await dataSource.transaction(async (tx) => {
      await seedOrganisations(tx);
      await seedAccounts(tx, config.DEMO_PASSWORDS, now);
      await seedLecture(tx, now);
      await seedFilms(films, tx, store, now);
    });
  } finally {
    await dataSource.destroy();
  }
}

/** A film a day, the last one today; the lecture was held four evenings before the coming one. */
async function seedFilms(
  films: readonly DemoFilm[],
  tx: EntityManager,
  store: ObjectStore,
  now: Date,
): Promise<void> {
  const place = { tx, store, orgUnitId: DISTRICT_ID, lecturerId: userIdOf('lecturer') };
  for (const [index, film] of films.entries()) {
    const daysAgo = film.kind === 'lecture' ? LECTURE_DAYS_AGO : films.length - 1 - index;
    const from = film.kind === 'lecture' ? nextEvening(now) : now;
    await seedFilm(film, { ...place, at: new Date(from.getTime() - daysAgo * DAY_MS) });
  }
}

async function seedAccounts(tx: EntityManager, passwords: string | undefined, now: Date): Promise<void> {
  const grants = new RoleGrantsRepository();
  const passwordOf = demoPasswords(passwords);
  for (const { username, displayName, role, place } of DEMO_ACCOUNTS) {
    const passwordHash = await hashPassword(passwordOf(username));
    const id = userIdOf(username);
    const orgUnitId = demoUnitId(place);
    const user = { id, username, displayName, passwordHash, locale: 'zh-CN' as const, orgUnitId };
    await tx
      .createQueryBuilder()
      .insert()
      .into(UserEntity)
      .values(user)
      .orUpdate(['password_hash'], ['id'])
      .execute();
    if (role === 'resident') continue;
    const grant = { userId: id, role, orgUnitId, validFrom: now, reason: 'the demo' };
    await grants.insert({ id: stableId(RoleGrantId, `role ${username}`), ...grant }, tx);
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
    orgUnitId: DISTRICT_ID,
  });
}

function nextEvening(now: Date): Date {
  const local = now.getTime() + SHANGHAI_MS;
  const midnight = local - (local % DAY_MS) - SHANGHAI_MS;
  const evening = midnight + EVENING.hours * 3_600_000 + EVENING.minutes * 60_000;
  return new Date(evening > now.getTime() ? evening : evening + DAY_MS);
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
