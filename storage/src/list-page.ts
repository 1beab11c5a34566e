import { Unavailable } from './errors.ts';
import type { ListedObject } from './object-store.ts';
import { isRecord, parseXml } from './s3-transport.ts';

export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/**
 * Reads a `ListBucketResult` asked for with `encoding-type=url`. (minio-js reads a key such as `000123` as a number.)
 * @throws Unavailable if the document is another one
 */
export function readListPage(document: string): ListPage {
  const result = parseXml(document)?.ListBucketResult;
  // An empty element is parsed as an empty string
  if (!isRecord(result)) throw new Unavailable('storage answered a listing with something else');
  const contents = result.Contents;
  const entries = contents === undefined ? [] : Array.isArray(contents) ? contents : [contents];
  const nextToken = result.NextContinuationToken;
  const isTruncated = result.IsTruncated === 'true' && typeof nextToken === 'string';
  return { objects: entries.filter(isRecord).map(readEntry), nextToken: isTruncated ? nextToken : undefined };
}

function readEntry(entry: Record<string, unknown>): ListedObject {
  const text = (name: string) => (typeof entry[name] === 'string' ? entry[name] : '');
  return {
    // Some servers escape a space as a plus; a plus itself is always escaped.
    key: decodeURIComponent(text('Key').replaceAll('+', ' ')),
    etag: text('ETag').replaceAll(/"|&quot;|&#34;/g, ''),
    bytes: Number(text('Size')),
    lastModified: new Date(text('LastModified')),
  };
}
