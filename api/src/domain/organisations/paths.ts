/**
 * Where a unit stands in the tree, as text: one label of fixed width for each ancestor from the top, its own last. Read as bytes (COLLATE "C"),
 * a unit and everything below it are one range. A label belongs to one unit for ever, so that a move never makes two paths alike.
 */
export const LABEL_WIDTH = 5;

const RADIX = 36;
const HIGHEST_LABEL = RADIX ** LABEL_WIDTH - 1;
/** Sorts after every character of a label. */
const AFTER_LABELS = '~';

/**
 * The label after the highest one that was ever given; null where there is none yet.
 * @throws RangeError when all 60 million are given
 */
export function labelAfter(highest: string | null): string {
  const next = highest === null ? 1 : Number.parseInt(highest, RADIX) + 1;
  if (!Number.isInteger(next) || next > HIGHEST_LABEL)
    throw new RangeError(`no label comes after ${highest}`);
  return next.toString(RADIX).padStart(LABEL_WIDTH, '0');
}

/** @param parent null for the top of a tree */
export const childPath = (parent: string | null, label: string): string => `${parent ?? ''}${label}`;

export const labelOf = (path: string): string => path.slice(-LABEL_WIDTH);

/** The path one higher; null at the top. */
export const parentPath = (path: string): string | null =>
  path.length <= LABEL_WIDTH ? null : path.slice(0, -LABEL_WIDTH);

/** 1 at the top. */
export const depthOf = (path: string): number => path.length / LABEL_WIDTH;

/** Of itself and all above it, from the top. */
export const lineOf = (path: string): string[] =>
  Array.from({ length: depthOf(path) }, (_, index) => path.slice(0, (index + 1) * LABEL_WIDTH));

/** Whether the unit at `path` is the one at `scope`, or below it. */
export const isWithin = (path: string, scope: string): boolean => path.startsWith(scope);

/** Of these parts of the tree, what also lies at or below `wanted`; an empty path is the whole tree. */
export const narrowed = (scopes: readonly string[], wanted: string): string[] =>
  scopes.flatMap((scope) => {
    if (isWithin(scope, wanted)) return [scope];
    return isWithin(wanted, scope) ? [wanted] : [];
  });

/** The unit and everything below it: `path >= from AND path < to`, compared as bytes. */
export const rangeOf = (path: string): { readonly from: string; readonly to: string } => ({
  from: path,
  to: `${path}${AFTER_LABELS}`,
});
