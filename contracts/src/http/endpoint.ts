import { z } from 'zod';

/** What a route takes and gives. `reply: z.undefined()` is 204. Paths hold `:name` for each parameter. */
export interface Endpoint<
  Method extends 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  readonly path: `/api/${string}`;
  readonly query?: Query;
  readonly body?: Body;
  readonly reply: Reply;
}

/** Declares an endpoint and keeps its exact types. */
export const endpoint = <const E extends Endpoint>(e: E): E => e;

/** 204 No Content. */
export const NoContent = z.undefined();

/** A page of a list, and where the next one begins; `nextCursor` is opaque and null at the end. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** The query of every paged list. */
export const PageQuery = z.strictObject({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
