import type { Film } from './film.ts';
import { SORT_WASTE, STOP_FRAUD, VIDEO_CALL } from './films/daily.ts';
import { MORNING_EXERCISE } from './films/health.ts';
import { EIGHT_STROKES, FIRST_INTERVIEW, PICTURE_BOOKS, WRITE_A_WILL } from './films/learning.ts';

/** The demo's micro-courses, in the order in which they were published: the last is the library's first. */
export const DEMO_COURSES: readonly Film[] = [
  FIRST_INTERVIEW,
  PICTURE_BOOKS,
  WRITE_A_WILL,
  SORT_WASTE,
  EIGHT_STROKES,
  STOP_FRAUD,
  VIDEO_CALL,
  MORNING_EXERCISE,
];
export { SOLAR_TERMS as DEMO_LECTURE } from './films/lecture.ts';
