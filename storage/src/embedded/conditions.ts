import { S3Error } from './s3-error.ts';

export interface ConditionHeaders {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

export interface Validators {
  /** Without quotes. */
  readonly etag: string;
  readonly lastModifiedMs: number;
}

export function readConditions(headers: ReadonlyMap<string, string>, prefix = ''): ConditionHeaders {
  return {
    ifMatch: headers.get(`${prefix}if-match`),
    ifNoneMatch: headers.get(`${prefix}if-none-match`),
    ifModifiedSince: headers.get(`${prefix}if-modified-since`),
    ifUnmodifiedSince: headers.get(`${prefix}if-unmodified-since`),
  };
}

/** Conditions of a read, in the order of RFC 9110, section 13.2.2. */
export function evaluateRead(
  conditions: ConditionHeaders,
  { etag, lastModifiedMs }: Validators,
): 'proceed' | 'not-modified' | 'failed' {
  const { ifMatch, ifNoneMatch } = conditions;
  const modifiedSince = seconds(conditions.ifModifiedSince);
  const unmodifiedSince = seconds(conditions.ifUnmodifiedSince);
  const modified = Math.floor(lastModifiedMs / 1000);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag)) return 'failed';
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
    return 'failed';
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag) ? 'not-modified' : 'proceed';
  return modifiedSince !== undefined && modified <= modifiedSince ? 'not-modified' : 'proceed';
}

/**
 * Conditions of a write, against what lies under the key now (undefined: nothing).
 * @throws S3Error PreconditionFailed, NoSuchKey, NotImplemented
 */
export function assertWrite({ ifMatch, ifNoneMatch }: ConditionHeaders, etag: string | undefined): void {
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') {
    throw new S3Error('NotImplemented', 'A write supports If-None-Match with * only.');
  }
  if (ifNoneMatch !== undefined && etag !== undefined) throw preconditionFailed();
  if (ifMatch === undefined) return;
  if (etag === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  if (!matches(ifMatch, etag)) throw preconditionFailed();
}

export const preconditionFailed = (): S3Error =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');

/** A list of tags, quoted or not, weak or not, or `*`. */
function matches(header: string, etag: string): boolean {
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, ''))
    .some((tag) => tag === '*' || tag === etag);
}

function seconds(httpDate: string | undefined): number | undefined {
  const atMs = httpDate === undefined ? NaN : Date.parse(httpDate);
  return Number.isNaN(atMs) ? undefined : Math.floor(atMs / 1000);
}
