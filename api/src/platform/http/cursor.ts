import { UnixMs } from '@yike/contracts/time';
import { z } from 'zod';
import { InvalidRequest } from '../problems/problems.ts';

const Pair = z.tuple([UnixMs, z.string()]);

/** Where a page of a list by time ended. */
export interface Cursor<Id extends string> {
  readonly at: Date;
  readonly id: Id;
}

const printCursor = ({ at, id }: Cursor<string>): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');

/** Undefined without one. @throws InvalidRequest for what {@link printCursor} would not print */
export function parseCursor<S extends z.ZodType<string>>(
  text: string | undefined,
  id: S,
): Cursor<z.infer<S>> | undefined {
  if (text === undefined) return undefined;
  const pair = Pair.safeParse(jsonOrNull(Buffer.from(text, 'base64url').toString('utf8')));
  const last = id.safeParse(pair.data?.[1]);
  if (!pair.success || !last.success) throw new InvalidRequest('the cursor is not one of ours');
  return { at: new Date(pair.data[0]), id: last.data };
}

/** Asks for one more than the page holds: whether it comes says whether there is a next page. */
export function pageOf<T, U>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => Cursor<string>,
  show: (row: T) => U,
): { items: U[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items: items.map(show), nextCursor: hasMore ? printCursor(cursorOf(last)) : null };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
