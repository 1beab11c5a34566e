import { z } from 'zod';
import { LectureId, UserId } from '../ids.ts';
import { endpoint } from './endpoint.ts';
import { VerdictSum } from './viewing.ts';

/** One resident at one lecture. Live plus replay may exceed merged: the same part seen twice counts once. */
export const AttendanceRow = z
  .object({
    userId: UserId,
    displayName: z.string(),
    liveSeconds: z.int(),
    replaySeconds: z.int(),
    mergedSeconds: z.int(),
    postedSeconds: z.int(),
    completed: z.boolean(),
    refused: z.array(VerdictSum),
  })
  .meta({ id: 'AttendanceRow' });
export type AttendanceRow = z.infer<typeof AttendanceRow>;

export const LectureAttendance = z
  .object({
    lectureId: LectureId,
    title: z.string(),
    recordedSeconds: z.int(),
    /** Distinct people, and people times sessions: never mixed. */
    persons: z.int(),
    attendances: z.int(),
    completions: z.int(),
    totals: z.object({
      liveSeconds: z.int(),
      replaySeconds: z.int(),
      mergedSeconds: z.int(),
      postedSeconds: z.int(),
    }),
    rows: z.array(AttendanceRow),
  })
  .meta({ id: 'LectureAttendance' });
export type LectureAttendance = z.infer<typeof LectureAttendance>;

/** Administrators only. */
export const getLectureAttendance = endpoint({
  method: 'GET',
  path: '/api/admin/lectures/:lectureId/attendance',
  reply: LectureAttendance,
});
