import type { Cursor } from './key-walk.ts';

export interface ListingRequest {
  readonly prefix: string;
  /** Empty: no grouping. */
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly cursor?: Cursor | undefined;
}

export interface Listing {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; undefined on the last page. */
  readonly next: Cursor | undefined;
}

type Walk = (prefix: string, cursor: Cursor | undefined) => AsyncIterable<string>;

/** One page: keys, and groups of keys that are equal up to the delimiter, both counted against `maxKeys`. */
export async function listPage(walk: Walk, request: ListingRequest): Promise<Listing> {
  const { prefix, delimiter, maxKeys } = request;
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let cursor = request.cursor;
  let isDone = maxKeys === 0;
  while (!isDone) {
    isDone = true;
    for await (const key of walk(prefix, cursor)) {
      if (keys.length + commonPrefixes.length === maxKeys) return { keys, commonPrefixes, next: cursor };
      const group = groupOf(key, prefix, delimiter);
      cursor = { key: group ?? key, skipsPrefix: group !== undefined };
      if (group === undefined) {
        keys.push(key);
        continue;
      }
      commonPrefixes.push(group);
      isDone = false; // walk on behind the group instead of through it
      break;
    }
  }
  return { keys, commonPrefixes, next: undefined };
}

/** The key up to and including the first delimiter behind the prefix. */
export function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  const index = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return index < 0 ? undefined : key.slice(0, index + delimiter.length);
}

export const encodeToken = (cursor: Cursor): string =>
  Buffer.from(`${cursor.skipsPrefix ? 'p' : 'k'}${cursor.key}`).toString('base64url');

/** Undefined if it is no token of ours. */
export function decodeToken(token: string): Cursor | undefined {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!/^[pk]/.test(text)) return undefined;
  return { key: text.slice(1), skipsPrefix: text.startsWith('p') };
}
