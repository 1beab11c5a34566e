import { z } from 'zod';
import { CourseId, LectureId, LineageId, UnitId } from '../ids.ts';
import { Instant, IntervalMs } from '../time.ts';
import { Locale } from './accounts.ts';
import { endpoint, page, PageQuery } from './endpoint.ts';
import { Topic } from './lectures.ts';

export const CourseOrigin = z.enum(['replay', 'self-made', 'purchased', 'alliance', 'demo']);
export type CourseOrigin = z.infer<typeof CourseOrigin>;

/** One line of the library. */
export const CourseCard = z
  .object({
    id: CourseId,
    title: z.string(),
    topic: Topic,
    origin: CourseOrigin,
    lecturerName: z.string().nullable(),
    durationMs: z.int(),
    /** A signed or public address of the picture; null shows the topic's own pattern. */
    posterUrl: z.string().nullable(),
    publishedAt: Instant,
    /** Of the asking resident; null when nobody is signed in. */
    progress: z.object({ watchedMs: z.int(), completed: z.boolean(), resumeAtMs: z.int() }).nullable(),
  })
  .meta({ id: 'CourseCard' });
export type CourseCard = z.infer<typeof CourseCard>;

export const CourseUnit = z
  .object({
    id: UnitId,
    title: z.string(),
    lineageId: LineageId,
    durationMs: z.int(),
    /** Media that was really recorded, on the unit's own clock (0 is the unit's start); the rest are gaps. */
    recorded: z.array(IntervalMs),
    /** What the asking resident has really played already, on the unit's own clock. */
    watched: z.array(IntervalMs),
    /** Whole seconds of class time that completion grants. */
    grantsSeconds: z.int(),
    /** Milliseconds of the recording that must be watched for completion (less what may lack). */
    requiredMs: z.int(),
    completed: z.boolean(),
    resumeAtMs: z.int(),
    /** The languages of its captions: `c/<language>.vtt` beside a session's playlist, on the lineage's timeline. */
    captions: z.array(Locale),
  })
  .meta({ id: 'CourseUnit' });
export type CourseUnit = z.infer<typeof CourseUnit>;

export const Course = CourseCard.extend({
  summary: z.string(),
  givesCertificate: z.boolean(),
  lectureId: LectureId.nullable(),
  units: z.array(CourseUnit),
}).meta({ id: 'Course' });
export type Course = z.infer<typeof Course>;

export const listCourses = endpoint({
  method: 'GET',
  path: '/api/courses',
  query: PageQuery.extend({ topic: Topic.optional(), q: z.string().trim().max(80).optional() }),
  reply: page(CourseCard),
});
export const getCourse = endpoint({ method: 'GET', path: '/api/courses/:courseId', reply: Course });
/** Begun and not completed, latest first. */
export const listContinueWatching = endpoint({
  method: 'GET',
  path: '/api/me/continue-watching',
  reply: z.object({ items: z.array(CourseCard) }),
});
