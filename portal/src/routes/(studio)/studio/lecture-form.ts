import { LecturePlan, type Lecture, type Topic } from '@yike/contracts/http/lectures';
import type { WordKey } from '#lib/i18n/words.ts';

/** What stands in the form's fields. Days and times are Shanghai's, as the whole programme runs by them. */
export interface LectureFields {
  readonly title: string;
  readonly summary: string;
  readonly topic: Topic;
  /** `2026-11-22` and `19:30`. */
  readonly day: string;
  readonly time: string;
  readonly minutes: string;
  readonly givesCertificate: boolean;
}

type ErrorWord = Extract<WordKey, `studio.form.bad${string}`>;
export type FieldErrors = Partial<Record<'title' | 'summary' | 'start' | 'minutes', ErrorWord>>;
export type CheckedPlan =
  { plan: LecturePlan; errors?: undefined } | { plan?: undefined; errors: FieldErrors };

const SHANGHAI = '+08:00';
/** A start may lie this far back: while one types, time goes on. */
const GRACE_MS = 5 * 60_000;

/** Turns the fields into a plan by the contract's own schema, or says in words what is wrong with which. */
export function checkFields(fields: LectureFields, now: number): CheckedPlan {
  const startsAt = new Date(`${fields.day}T${fields.time}:00${SHANGHAI}`);
  const isStartGood = Number.isFinite(startsAt.getTime()) && startsAt.getTime() >= now - GRACE_MS;
  const checked = LecturePlan.safeParse({
    title: fields.title,
    summary: fields.summary,
    topic: fields.topic,
    startsAt: isStartGood ? startsAt.toISOString() : '',
    plannedMinutes: fields.minutes.trim() === '' ? NaN : Number(fields.minutes),
    givesCertificate: fields.givesCertificate,
  });
  if (checked.success) return { plan: checked.data };
  const wrong = new Set(checked.error.issues.map(({ path }) => path[0]));
  return {
    errors: {
      ...(wrong.has('title') && { title: 'studio.form.badTitle' }),
      ...(wrong.has('summary') && { summary: 'studio.form.badSummary' }),
      ...(wrong.has('startsAt') && { start: 'studio.form.badStart' }),
      ...(wrong.has('plannedMinutes') && { minutes: 'studio.form.badMinutes' }),
    },
  };
}

/** A new plan begins at the next half hour that is at least half an hour away. */
export function emptyFields(now: number): LectureFields {
  const half = 30 * 60_000;
  const start = new Date(Math.ceil((now + half) / half) * half);
  return {
    title: '',
    summary: '',
    topic: 'health',
    ...placeOf(start),
    minutes: '45',
    givesCertificate: true,
  };
}

export function fieldsOf(lecture: Lecture): LectureFields {
  const { title, summary, topic, givesCertificate } = lecture;
  return {
    title,
    summary,
    topic,
    givesCertificate,
    ...placeOf(new Date(lecture.startsAt)),
    minutes: String(lecture.plannedMinutes),
  };
}

function placeOf(start: Date): { day: string; time: string } {
  const shanghai = new Date(start.getTime() + 8 * 3_600_000).toISOString();
  return { day: shanghai.slice(0, 10), time: shanghai.slice(11, 16) };
}
