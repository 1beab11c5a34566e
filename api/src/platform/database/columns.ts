import type { ValueTransformer } from 'typeorm';
import { parseIntervals, printIntervals, type Interval } from '../../domain/intervals.ts';

/** `int8multirange` in the row, a normal list of intervals in the entity. */
export const intervalsColumn: ValueTransformer = {
  to: (intervals: readonly Interval[] | null | undefined) =>
    intervals === null || intervals === undefined ? intervals : printIntervals(intervals),
  from: (text: string | null) => (text === null ? null : parseIntervals(text)),
};
