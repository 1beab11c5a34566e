import { z } from 'zod';

/** A moment: ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso.datetime({ precision: 3 });
export type Instant = z.infer<typeof Instant>;

/** Milliseconds since 1970 by the server's clock, as an integer. */
export const UnixMs = z.int().min(0).max(8_640_000_000_000_000);

/** An integer count of milliseconds on a timeline; a lecture never runs longer than 24 hours. */
export const TimelineMs = z.int().min(0).max(86_400_000);

/** A half-open interval [from, to) of milliseconds. */
export const IntervalMs = z
  .strictObject({ fromMs: z.int().min(0), toMs: z.int().min(0) })
  .refine(({ fromMs, toMs }) => fromMs <= toMs, 'an interval ends at or after its start');
export type IntervalMs = z.infer<typeof IntervalMs>;
