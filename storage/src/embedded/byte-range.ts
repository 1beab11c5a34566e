import { S3Error } from './s3-error.ts';

/** Both ends inclusive. */
export interface ResolvedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Resolves a Range header (RFC 9110, section 14) against the size of the object. Undefined means the whole object: no header,
 * another unit, a syntax error, or several ranges, which S3 does not support.
 * @throws S3Error InvalidRange if no byte of the object is in the range
 */
export function resolveRange(header: string | undefined, size: number): ResolvedRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const lastByte = size - 1;
  // A suffix `-n` counts from the end; numbers too large for a double are simply beyond the end.
  const range =
    first === ''
      ? { start: Math.max(0, size - Number(last)), end: lastByte }
      : { start: Number(first), end: last === '' ? lastByte : Math.min(Number(last), lastByte) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (range.start > lastByte) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
      'content-range': `bytes */${size}`,
    });
  }
  return range;
}
