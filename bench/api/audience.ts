import { createHash, randomBytes } from 'node:crypto';
import { CourseId, LineageId, newId, OrgUnitId, PlaybackId, UnitId, UserId } from '@yike/contracts/ids';
import type { Pool } from 'pg';
import { segmentHash, SEGMENT_MS } from '../../api/src/features/viewing/testing/viewing-api.ts';

/** Someone who watches: a signed-in resident with an open playback session and the lease. */
export interface Spectator {
  readonly userId: UserId;
  readonly cookie: string;
  readonly playbackId: PlaybackId;
  /** Of the playback, as in its address. */
  readonly token: string;
}

export interface Unit {
  readonly lineageId: LineageId;
  readonly unitId: UnitId;
  readonly courseId: CourseId;
  readonly lengthMs: number;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A published course of one unit, its segments stored under the given keys: one for each track and 4 s. */
export async function publishUnit(
  database: Pool,
  lengthMs: number,
  keyOf: (track: 'video' | 'audio', seq: number) => string = () => 'key',
): Promise<Unit> {
  const orgUnitId = newId(OrgUnitId);
  const unit: Unit = {
    lineageId: newId(LineageId),
    unitId: newId(UnitId),
    courseId: newId(CourseId),
    lengthMs,
  };
  const recorded = `{[0,${lengthMs})}`;
  await database.query(
    `INSERT INTO org_units (id, name, level, path)
     SELECT $1, '南山社区', 'community', lpad((count(*) + 1)::text, 5, '0') FROM org_units`,
    [orgUnitId],
  );
  await database.query(
    "INSERT INTO timelines (id, kind, state, recorded) VALUES ($1, 'recording', 'final', $2)",
    [unit.lineageId, recorded],
  );
  await database.query("INSERT INTO recorder_epochs (timeline_id, epoch, tracks) VALUES ($1, 0, '{}')", [
    unit.lineageId,
  ]);
  const segments = (['video', 'audio'] as const).flatMap((track) =>
    Array.from({ length: Math.ceil(lengthMs / SEGMENT_MS) }, (_, seq) => ({ track, seq })),
  );
  await database.query(
    `INSERT INTO segments (timeline_id, epoch, track, seq, start_ms, duration_ms, bytes, sha256, object_key)
     SELECT $1, 0, track, seq, seq * $2::int4, $2::int4, 1000, decode(hash, 'hex'), key
     FROM unnest($3::text[], $4::int4[], $5::text[], $6::text[]) AS s (track, seq, hash, key)`,
    [
      ...[unit.lineageId, SEGMENT_MS],
      segments.map(({ track }) => track),
      segments.map(({ seq }) => seq),
      segments.map(({ track, seq }) => segmentHash(unit.lineageId, `0/${track}/${seq}`)),
      segments.map(({ track, seq }) => keyOf(track, seq)),
    ],
  );
  await database.query(
    `INSERT INTO courses (id, title, summary, topic, origin, org_unit_id, gives_certificate, duration_ms, published_at)
     VALUES ($1, '太极入门', '', 'health', 'self-made', $2, true, $3, now())`,
    [unit.courseId, orgUnitId, lengthMs],
  );
  await database.query(
    "INSERT INTO units (id, course_id, position, title, lineage_id, cut_ranges) VALUES ($1, $2, 0, '', $3, $4)",
    [unit.unitId, unit.courseId, unit.lineageId, recorded],
  );
  return unit;
}

/** Residents who have opened the unit and pressed Play at this moment, unix ms. */
export async function seatSpectators(
  database: Pool,
  { unitId, courseId, lineageId, lengthMs }: Unit,
  count: number,
  openedAtMs: number,
): Promise<Spectator[]> {
  const token = (): string => randomBytes(32).toString('base64url');
  const seats = Array.from({ length: count }, () => {
    const session = token();
    const ids = { userId: newId(UserId), sessionId: newId(UserId), playbackId: newId(PlaybackId) };
    return { ...ids, session, cookie: `yike_session=${session}`, token: token() };
  });
  const userIds = seats.map(({ userId }) => userId);
  const playbackIds = seats.map(({ playbackId }) => playbackId);
  await database.query(
    `INSERT INTO users (id, username, password_hash, display_name, locale, org_unit_id)
     SELECT id, id, '', '王小英', 'zh-CN', (SELECT id FROM org_units LIMIT 1) FROM unnest($1::uuid[]) AS u (id)`,
    [userIds],
  );
  await database.query(
    `INSERT INTO sessions (id, user_id, token_hash, rotated_at, expires_at)
     SELECT id, user_id, hash, $4::timestamptz, $4::timestamptz + interval '30 days'
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS s (id, user_id, hash)`,
    [
      seats.map(({ sessionId }) => sessionId),
      userIds,
      seats.map(({ session }) => sha256(session)),
      new Date(openedAtMs),
    ],
  );
  await database.query(
    `INSERT INTO playbacks (id, user_id, lineage_id, mode, unit_id, course_id, title, cut, token_hash, opened_at_ms,
       heard_at_ms, settled_to_ms, judged_at_ms)
     SELECT id, user_id, $4, 'hls', $5, $6, '太极入门', $7, hash, $8, $8, $8, $8
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS p (id, user_id, hash)`,
    [
      ...[playbackIds, userIds, seats.map((seat) => sha256(seat.token))],
      ...[lineageId, unitId, courseId, `{[0,${lengthMs})}`, openedAtMs],
    ],
  );
  await database.query(
    `INSERT INTO leases (user_id, playback_id, since_ms) SELECT u, p, $3 FROM unnest($1::uuid[], $2::uuid[]) AS l (u, p)`,
    [userIds, playbackIds, openedAtMs],
  );
  await database.query(
    'INSERT INTO lease_tenures (playback_id, from_ms) SELECT p, $2 FROM unnest($1::uuid[]) AS t (p)',
    [playbackIds, openedAtMs],
  );
  return seats;
}

/** As though each had asked for all picture segments of the unit, at a player's pace. */
export async function requestAll(
  database: Pool,
  spectators: readonly Spectator[],
  lengthMs: number,
): Promise<void> {
  await database.query(
    `INSERT INTO segment_evidence (playback_id, segment, start_ms, end_ms, requested_at_ms)
     SELECT p.id, '0/video/' || seq, seq * $2::int4, (seq + 1) * $2::int4, p.opened_at_ms
     FROM playbacks p, generate_series(0, $3::int4 - 1) AS seq WHERE p.id = ANY($1)`,
    [spectators.map(({ playbackId }) => playbackId), SEGMENT_MS, Math.ceil(lengthMs / SEGMENT_MS)],
  );
  await database.query('ANALYZE');
}
