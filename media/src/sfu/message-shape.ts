const MAX_DEPTH = 16;
/** Names that reach into JavaScript's own objects where they are copied carelessly. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a received message is plain JSON of reasonable depth: no binary part, no name that reaches into prototypes. */
export function isPlainMessage(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH || value instanceof Uint8Array) return false;
  return Object.entries(value).every(
    ([name, inner]) => !FORBIDDEN.has(name) && isPlainMessage(inner, depth + 1),
  );
}
