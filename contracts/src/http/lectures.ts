import { z } from 'zod';
import { BroadcastId, CourseId, LectureId, UserId } from '../ids.ts';
import { Instant } from '../time.ts';
import { endpoint, NoContent, page, PageQuery } from './endpoint.ts';

/** Topics of the programme; words for them are in the portal. */
export const Topic = z.enum(['health', 'culture', 'digital', 'law', 'arts', 'family', 'skills']);
export type Topic = z.infer<typeof Topic>;

/** scheduled > live > (interrupted) > ending > ended; a plan can be cancelled before it is live. */
export const BroadcastState = z.enum(['scheduled', 'live', 'interrupted', 'ending', 'ended', 'cancelled']);
export type BroadcastState = z.infer<typeof BroadcastState>;

export const LecturePlan = z
  .strictObject({
    title: z.string().trim().min(2).max(80),
    summary: z.string().trim().max(2000).default(''),
    topic: Topic,
    startsAt: Instant,
    plannedMinutes: z.int().min(5).max(480),
    /** Whether completion of the replay or the live lecture issues a certificate. */
    givesCertificate: z.boolean().default(true),
  })
  .meta({ id: 'LecturePlan' });
export type LecturePlan = z.infer<typeof LecturePlan>;

export const Lecture = z
  .object({
    id: LectureId,
    title: z.string(),
    summary: z.string(),
    topic: Topic,
    startsAt: Instant,
    plannedMinutes: z.int(),
    givesCertificate: z.boolean(),
    lecturer: z.object({ id: UserId, displayName: z.string() }),
    orgUnitName: z.string(),
    state: BroadcastState,
    /** The broadcast that runs or ran; null before the lecturer first goes on air. */
    broadcastId: BroadcastId.nullable(),
    liveSince: Instant.nullable(),
    /** Set while `ending`: the broadcast closes then unless the lecturer undoes. */
    endingAt: Instant.nullable(),
    viewers: z.int(),
    /** The replay's course, as soon as it can be played. */
    replayCourseId: CourseId.nullable(),
  })
  .meta({ id: 'Lecture' });
export type Lecture = z.infer<typeof Lecture>;

/** Who may list: anyone. `when`: live now (with interrupted and ending), coming (soonest first), past (latest first). */
export const listLectures = endpoint({
  method: 'GET',
  path: '/api/lectures',
  query: PageQuery.extend({ when: z.enum(['live', 'coming', 'past']).default('coming') }),
  reply: page(Lecture),
});
export const getLecture = endpoint({ method: 'GET', path: '/api/lectures/:lectureId', reply: Lecture });
/** The signed-in lecturer's own lectures, latest first. */
export const listMyLectures = endpoint({
  method: 'GET',
  path: '/api/studio/lectures',
  query: PageQuery,
  reply: page(Lecture),
});
export const planLecture = endpoint({
  method: 'POST',
  path: '/api/lectures',
  body: LecturePlan,
  reply: Lecture,
});
/** 409 `lecture-not-editable` once it was live. */
export const changeLecture = endpoint({
  method: 'PUT',
  path: '/api/lectures/:lectureId',
  body: LecturePlan,
  reply: Lecture,
});
/** Cancels a plan; 409 `lecture-not-editable` once it was live. */
export const cancelLecture = endpoint({
  method: 'DELETE',
  path: '/api/lectures/:lectureId',
  reply: NoContent,
});
