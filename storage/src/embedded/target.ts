import type { Pair } from '../sigv4.ts';
import { S3Error } from './s3-error.ts';

/** What a request is about, decoded from its request line and from nothing else (path style). */
export interface Target {
  /** Decoded path as the signature sees it. */
  readonly path: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: readonly Pair[];
}

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const MAX_KEY_BYTES = 1024;

/**
 * Reads the raw request target. Nothing is normalised: `..` and empty parts are parts of a key like any other.
 * @throws S3Error InvalidURI, InvalidBucketName, InvalidObjectName, KeyTooLongError
 */
export function parseTarget(rawTarget: string): Target {
  const questionMark = rawTarget.indexOf('?');
  const rawPath = questionMark < 0 ? rawTarget : rawTarget.slice(0, questionMark);
  const rawQuery = questionMark < 0 ? '' : rawTarget.slice(questionMark + 1);
  if (!rawPath.startsWith('/')) throw new S3Error('InvalidURI', 'The request target is not a path.');

  // Split before decoding, or an escaped slash could end the bucket's name.
  const slash = rawPath.indexOf('/', 1);
  const bucket = decode(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash));
  const key = slash < 0 ? '' : decode(rawPath.slice(slash + 1));
  if (bucket !== '' || key !== '') assertBucketName(bucket);
  assertObjectKey(key);
  return {
    path: decode(rawPath),
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    query: parseQuery(rawQuery),
  };
}

export function assertBucketName(name: string): void {
  if (!BUCKET_NAME.test(name) || name.includes('..')) {
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
  }
}

export function assertObjectKey(key: string): void {
  if (key.includes('\0')) throw new S3Error('InvalidObjectName', 'A key cannot contain a NUL character.');
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError', 'Your key is too long.');
}

/** The source of a copy, from its header: `/bucket/key` or `bucket/key`, escaped once. */
export function parseCopySource(header: string): { bucket: string; key: string } {
  const [path = '', version] = header.split('?');
  if (version !== undefined) throw new S3Error('NotImplemented', 'There are no versions.');
  const { bucket, key } = parseTarget(path.startsWith('/') ? path : `/${path}`);
  if (bucket === undefined || key === undefined) {
    throw new S3Error('InvalidArgument', 'x-amz-copy-source must name a bucket and a key.');
  }
  return { bucket, key };
}

function parseQuery(rawQuery: string): Pair[] {
  return rawQuery
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))] as const;
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}
