import { createHash, randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  CourseId,
  LectureId,
  BroadcastId,
  LineageId,
  newId,
  OrgUnitId,
  RoleGrantId,
  UnitId,
  UserId,
} from '@yike/contracts/ids';
import { Pool } from 'pg';
import { startTestPostgres } from '../../../../../scripts/testing/postgres.ts';
import type { ApiConfig } from '../../../config.ts';
import type { Clock } from '../../../platform/clock.ts';

/** The parts of the API: from its sources in tests, from its build in benches. */
export interface ApiParts {
  readonly createApp: (config: ApiConfig) => Promise<NestFastifyApplication>;
  readonly migrate: (ownerUrl: string) => Promise<string[]>;
  readonly Clock: abstract new () => Clock;
}

/** A person with a session. */
export interface TestPerson {
  readonly id: UserId;
  readonly cookie: string;
}

/** A course of one unit, whose segments have bytes that `segmentBytes` gives. */
export interface TestUnit {
  readonly courseId: CourseId;
  readonly unitId: UnitId;
  readonly lineageId: LineageId;
  readonly lengthMs: number;
}

export interface TestBroadcast {
  readonly lectureId: LectureId;
  readonly broadcastId: BroadcastId;
  readonly lineageId: LineageId;
  readonly zeroAtMs: number;
}

export const SEGMENT_MS = 4_000;
/** What a player that really fetched a segment has. */
export const segmentHash = (lineageId: string, segment: string): string =>
  createHash('sha256').update(`bytes of ${lineageId} ${segment}`).digest('hex');

/** 10:00 in Shanghai. */
const START_MS = Date.UTC(2026, 10, 20, 2);
const SECRETS = { APP_SECRET: 'a'.repeat(32), MEDIA_NODE_SECRET: 'm'.repeat(32) };

interface RunningApi {
  readonly app: NestFastifyApplication;
  readonly origin: string;
  /** As the owner of the database. */
  readonly database: Pool;
  readonly config: ApiConfig;
  readonly time: { nowMs: number };
  readonly orgUnitId: OrgUnitId;
  readonly drop: () => Promise<void>;
}

/** The whole API on a PostgreSQL of its own, with a clock that stands still until it is moved. */
export class ViewingApi {
  readonly app: NestFastifyApplication;
  readonly origin: string;
  readonly database: Pool;
  readonly config: ApiConfig;
  readonly time: { nowMs: number };
  readonly orgUnitId: OrgUnitId;
  readonly #drop: () => Promise<void>;

  private constructor(running: RunningApi) {
    this.app = running.app;
    this.origin = running.origin;
    this.database = running.database;
    this.config = running.config;
    this.time = running.time;
    this.orgUnitId = running.orgUnitId;
    this.#drop = running.drop;
  }

  static async start({ createApp, migrate, Clock }: ApiParts): Promise<ViewingApi> {
    const postgres = await startTestPostgres();
    await migrate(postgres.ownerUrl);
    const config: ApiConfig = {
      ...{ NODE_ENV: 'test', LOG_LEVEL: 'silent', HOST: '127.0.0.1', PORT: 0, YIKE_DEMO: false },
      ...{ S3_ENDPOINT: 'http://127.0.0.1:9', S3_ACCESS_KEY: 'key', S3_SECRET_KEY: 'secret' },
      ...{ S3_BUCKET: 'yike', S3_REGION: 'us-east-1', PORTAL_HANDLER: '/nowhere', YIKE_PARENT_WATCH: false },
      ...SECRETS,
      DATABASE_URL: postgres.appUrl,
    };
    const database = new Pool({ connectionString: postgres.ownerUrl });
    database.on('error', () => undefined); // Its database is dropped at the end.
    const orgUnitId = newId(OrgUnitId);
    await database.query(
      "INSERT INTO org_units (id, name, level, path) VALUES ($1, '南山社区', 'community', '00001')",
      [orgUnitId],
    );
    const time = { nowMs: START_MS };
    const app = await startApp(createApp, config, Clock, time);
    const origin = await app.getUrl();
    const drop = (): Promise<void> => postgres.close();
    return new ViewingApi({ app, origin, database, config, time, orgUnitId, drop });
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.end();
    await this.#drop();
  }

  advance(ms: number): void {
    this.time.nowMs += ms;
  }

  async person(
    role: 'resident' | 'platform-administrator' = 'resident',
    displayName = '王小英',
  ): Promise<TestPerson> {
    const id = newId(UserId);
    const token = randomBytes(32).toString('base64url');
    await this.database.query(
      `INSERT INTO users (id, username, password_hash, display_name, locale, org_unit_id)
       VALUES ($1, $4, '', $2, 'zh-CN', $3)`,
      [id, displayName, this.orgUnitId, id],
    );
    if (role !== 'resident') {
      await this.database.query(
        `INSERT INTO role_grants (id, user_id, role, org_unit_id, valid_from, reason)
         VALUES ($1, $2, $3, $4, to_timestamp(0), 'a test')`,
        [newId(RoleGrantId), id, role, this.orgUnitId],
      );
    }
    await this.database.query(
      `INSERT INTO sessions (id, user_id, token_hash, rotated_at, expires_at)
       VALUES ($1, $2, $3, $4::timestamptz, $4::timestamptz + interval '30 days')`,
      [newId(UserId), id, createHash('sha256').update(token).digest(), new Date(this.time.nowMs)],
    );
    return { id, cookie: `yike_session=${token}` };
  }

  /** A recorded timeline, with one course of it. */
  async unit(lengthMs: number): Promise<TestUnit> {
    const lineageId = newId(LineageId);
    await this.timeline(lineageId, { state: 'final', zeroAtMs: null, lengthMs });
    return { ...(await this.publish(lineageId, lengthMs)), lineageId, lengthMs };
  }

  /** A broadcast on the air since `forMs`, of which so much is stored. */
  async broadcast(storedMs: number): Promise<TestBroadcast> {
    const lineageId = newId(LineageId);
    const zeroAtMs = this.time.nowMs;
    await this.timeline(lineageId, { state: 'running', zeroAtMs, lengthMs: storedMs });
    const [lectureId, broadcastId] = [newId(LectureId), newId(BroadcastId)];
    const lecturer = await this.person();
    const now = new Date(zeroAtMs);
    await this.database.query(
      `INSERT INTO lectures (id, title, summary, topic, starts_at, planned_minutes, gives_certificate, lecturer_id, org_unit_id,
         state, broadcast_id, live_since) VALUES ($1, '讲座', '', 'health', $2::timestamptz, 60, true, $3, $4, 'live', $5, $2::timestamptz)`,
      [lectureId, now, lecturer.id, this.orgUnitId, broadcastId],
    );
    await this.database.query(
      `INSERT INTO broadcasts (id, lecture_id, recording_id, state, has_publisher, publisher_since, planned_end, live_since,
         media_node) VALUES ($1, $2, $3, 'live', true, $4::timestamptz, $4::timestamptz + interval '1 hour', $4::timestamptz, 'local')`,
      [broadcastId, lectureId, lineageId, now],
    );
    return { lectureId, broadcastId, lineageId, zeroAtMs };
  }

  /** The recording is complete: nothing more will come. */
  async complete(lineageId: LineageId, lengthMs: number): Promise<void> {
    const recorded = `{[0,${lengthMs})}`;
    await this.database.query("UPDATE timelines SET state = 'final', recorded = $2 WHERE id = $1", [
      lineageId,
      recorded,
    ]);
    await this.segments(lineageId, lengthMs);
  }

  private async timeline(
    id: LineageId,
    { state, zeroAtMs, lengthMs }: { state: string; zeroAtMs: number | null; lengthMs: number },
  ): Promise<void> {
    const recorded = lengthMs === 0 ? '{}' : `{[0,${lengthMs})}`;
    await this.database.query(
      "INSERT INTO timelines (id, kind, state, zero_at_ms, recorded) VALUES ($1, 'recording', $2, $3, $4)",
      [id, state, zeroAtMs, recorded],
    );
    await this.database.query(
      "INSERT INTO recorder_epochs (timeline_id, epoch, tracks) VALUES ($1, 0, '{}')",
      [id],
    );
    await this.segments(id, lengthMs);
  }

  private async segments(lineageId: LineageId, lengthMs: number): Promise<void> {
    for (let seq = 0; seq * SEGMENT_MS < lengthMs; seq += 1) {
      const durationMs = Math.min(SEGMENT_MS, lengthMs - seq * SEGMENT_MS);
      const hash = Buffer.from(segmentHash(lineageId, `0/video/${seq}`), 'hex');
      await this.database.query(
        `INSERT INTO segments (timeline_id, epoch, track, seq, start_ms, duration_ms, bytes, sha256, object_key)
         VALUES ($1, 0, 'video', $2, $3, $4, 1000, $5, 'key') ON CONFLICT DO NOTHING`,
        [lineageId, seq, seq * SEGMENT_MS, durationMs, hash],
      );
    }
  }

  private async publish(lineageId: LineageId, lengthMs: number) {
    const [courseId, unitId] = [newId(CourseId), newId(UnitId)];
    await this.database.query(
      `INSERT INTO courses (id, title, summary, topic, origin, org_unit_id, gives_certificate, duration_ms, published_at)
       VALUES ($1, '太极入门', '', 'health', 'self-made', $2, true, $3, $4)`,
      [courseId, this.orgUnitId, lengthMs, new Date(this.time.nowMs)],
    );
    await this.database.query(
      "INSERT INTO units (id, course_id, position, title, lineage_id, cut_ranges) VALUES ($1, $2, 0, '', $3, $4)",
      [unitId, courseId, lineageId, `{[0,${lengthMs})}`],
    );
    return { courseId, unitId };
  }
}

/** Starts one process' worth of API whose clock is the test's. */
export async function startApp(
  createApp: ApiParts['createApp'],
  config: ApiConfig,
  Clock: ApiParts['Clock'],
  time: { readonly nowMs: number },
): Promise<NestFastifyApplication> {
  const app = await createApp(config);
  app.get(Clock).nowMs = () => time.nowMs;
  await app.listen(0, '127.0.0.1');
  return app;
}
