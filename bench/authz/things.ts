import { randomBytes } from 'node:crypto';
import {
  ApprovalId,
  AuditEntryId,
  BroadcastId,
  CertificateId,
  CourseId,
  DepartmentId,
  LectureId,
  LineageId,
  newId,
  PlaybackId,
  UnitId,
  type UserId,
} from '@yike/contracts/ids';
import type { Place } from './places.ts';
import type { Somebody, World } from './world.ts';

/** What a request is about: real things at one place, the person's own where the place is their own. */
export class Things {
  readonly world: World;
  readonly place: Place;
  readonly #person: Somebody | null;

  constructor(world: World, place: Place, person: Somebody | null) {
    this.world = world;
    this.place = place;
    this.#person = person;
  }

  /** Whose it is: the person's, or somebody's who lives there. */
  async owner(): Promise<UserId> {
    if (this.place === 'own' && this.#person !== null) return this.#person.id;
    return (await this.#somebody()).id;
  }

  async lectureId(): Promise<LectureId> {
    const id = newId(LectureId);
    await this.#query(
      `INSERT INTO lectures (id, title, summary, topic, starts_at, planned_minutes, gives_certificate, lecturer_id, org_unit_id, state)
       VALUES ($1, '讲座', '', 'health', now() + interval '1 day', 60, true, $2, $3, 'scheduled')`,
      [id, await this.owner(), this.#unitId],
    );
    return id;
  }

  async broadcastId(): Promise<BroadcastId> {
    const [id, lectureId] = [newId(BroadcastId), await this.lectureId()];
    const { lineageId } = await this.#course();
    await this.#query(
      `INSERT INTO broadcasts (id, lecture_id, recording_id, state, has_publisher, publisher_since, planned_end, live_since, media_node)
       VALUES ($1, $2, $3, 'live', true, now(), now() + interval '1 hour', now(), 'local')`,
      [id, lectureId, lineageId],
    );
    await this.#query(
      "UPDATE lectures SET state = 'live', broadcast_id = $2, live_since = now() WHERE id = $1",
      [lectureId, id],
    );
    return id;
  }

  async courseId(): Promise<CourseId> {
    return (await this.#course()).courseId;
  }

  async certificateNumber(): Promise<string> {
    const number = `YK${randomBytes(6).toString('hex').toUpperCase()}`;
    await this.#query(
      `INSERT INTO certificates (id, number, user_id, course_id, masked_name, course_title, seconds, issued_at_ms, issuer, credential)
       VALUES ($1, $2, $3, $4, '王*英', '太极入门', 600, 0, 'Yike', 'none')`,
      [newId(CertificateId), number, await this.owner(), await this.courseId()],
    );
    return number;
  }

  async playbackId(): Promise<PlaybackId> {
    const [id, userId] = [newId(PlaybackId), await this.owner()];
    await this.#query('INSERT INTO leases (user_id) VALUES ($1) ON CONFLICT DO NOTHING', [userId]);
    const { courseId, unitId, lineageId } = await this.#course();
    await this.#query(
      `INSERT INTO playbacks (id, user_id, lineage_id, mode, unit_id, course_id, title, cut, token_hash, opened_at_ms, heard_at_ms,
         settled_to_ms, judged_at_ms)
       SELECT $1, $2, $3, 'hls', $4, $5, '太极入门', '{[0,60000)}', $6, now_ms, now_ms, now_ms, now_ms
       FROM (SELECT (extract(epoch FROM now()) * 1000)::int8 AS now_ms) AS clock`,
      [id, userId, lineageId, unitId, courseId, randomBytes(32)],
    );
    return id;
  }

  async sessionId(): Promise<string> {
    if (this.place === 'own' && this.#person !== null) return this.#person.sessionId;
    return (await this.#somebody()).sessionId;
  }

  unitId(): Promise<string> {
    return Promise.resolve(this.#unitId);
  }

  spareUnitId(): Promise<string> {
    return this.world.spareUnit(this.place);
  }

  async departmentId(): Promise<DepartmentId> {
    const id = newId(DepartmentId);
    await this.#query('INSERT INTO departments (id, org_unit_id, name) VALUES ($1::uuid, $2, $1::text)', [
      id,
      this.#unitId,
    ]);
    return id;
  }

  async grantId(): Promise<string> {
    return this.world.grant((await this.#somebody()).id, 'tutor', this.#unitId);
  }

  /** Asked for by an administrator of the place; or by the person, where they are to try it alone. */
  async approvalId(requestedBy: 'another' | 'oneself' = 'another'): Promise<ApprovalId> {
    const id = newId(ApprovalId);
    const wanted = {
      userId: (await this.#somebody()).id,
      role: 'administrator',
      orgUnitId: this.#unitId,
      validTo: null,
    };
    const requester =
      requestedBy === 'oneself' && this.#person !== null ? this.#person : await this.#somebody();
    if (requestedBy === 'another') await this.world.grant(requester.id, 'administrator', this.#unitId);
    await this.#query(
      `INSERT INTO approvals (id, action, subject, org_unit_id, requested_by, requested_at, reason)
       VALUES ($1, 'role.grant-administrator', $2, $3, $4, now(), 'bench')`,
      [id, JSON.stringify(wanted), this.#unitId, requester.id],
    );
    return id;
  }

  /** Returns the id of the thing that an entry of the log is about. */
  async auditedId(): Promise<string> {
    const id = newId(AuditEntryId);
    await this.#query(
      `INSERT INTO audit_entries (seq, id, at_ms, action, subject_kind, subject_id, org_unit_id, before, after, previous_hash, hash)
       SELECT coalesce(max(seq), 0) + 1, $1, 0, 'organisation.edit', 'organisation', $1, $2, '{}', '{}', '', '' FROM audit_entries`,
      [id, this.#unitId],
    );
    return id;
  }

  /** Somebody registered by real name, newer than all others. */
  async registeredId(): Promise<string> {
    const { id } = await this.#somebody();
    await this.#query("INSERT INTO real_names (user_id, name, verified_at) VALUES ($1, '王秀英', now())", [
      id,
    ]);
    return id;
  }

  /** Somebody who lives there and has no role. */
  async residentId(): Promise<string> {
    return (await this.#somebody()).id;
  }

  get #unitId() {
    return this.world.unitAt(this.place);
  }

  #somebody(): Promise<Somebody> {
    return this.world.resident(this.#unitId);
  }

  async #course(): Promise<{ courseId: CourseId; unitId: UnitId; lineageId: LineageId }> {
    const [courseId, unitId, lineageId] = [newId(CourseId), newId(UnitId), newId(LineageId)];
    await this.#query(
      "INSERT INTO timelines (id, kind, state, recorded) VALUES ($1, 'recording', 'final', '{[0,60000)}')",
      [lineageId],
    );
    await this.#query(
      `INSERT INTO courses (id, title, summary, topic, origin, org_unit_id, gives_certificate, duration_ms, published_at)
       VALUES ($1, '太极入门', '', 'health', 'self-made', $2, true, 60000, now())`,
      [courseId, this.#unitId],
    );
    await this.#query(
      "INSERT INTO units (id, course_id, position, title, lineage_id, cut_ranges) VALUES ($1, $2, 0, '', $3, '{[0,60000)}')",
      [unitId, courseId, lineageId],
    );
    return { courseId, unitId, lineageId };
  }

  async #query(text: string, values: unknown[]): Promise<void> {
    await this.world.database.query(text, values);
  }
}
