import type { FileHandle } from 'node:fs/promises';
import { uriEncodePath } from '../sigv4.ts';
import { resolveRange } from './byte-range.ts';
import { type Answer, type ObjectCall, quoted, xmlAnswer } from './call.ts';
import type { Checksum } from './checksums.ts';
import { evaluateRead, preconditionFailed, readConditions } from './conditions.ts';
import { S3Error } from './s3-error.ts';
import type { Seal } from './sealed-file.ts';
import { parseCopySource } from './target.ts';
import { element, xmlDocument } from './xml.ts';

/** What is kept with an object and given back with it. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
const MAX_METADATA_BYTES = 8 * 1024;
const READ_CHUNK_BYTES = 256 * 1024;

/** Types that a browser runs scripts of: the objects share an origin with the portal in the embedded default. */
const ACTIVE_TYPE = /html|xml|svg/i;

/** GET and HEAD. */
export async function getObject(call: ObjectCall): Promise<Answer> {
  const bucket = await call.storage.bucket(call.bucketName);
  const { file, seal } = await bucket.open(call.key);
  try {
    const answer = describeRead(call, seal);
    if (call.method === 'HEAD' || answer.bodyRange === undefined) {
      await file.close();
      return { status: answer.status, headers: answer.headers };
    }
    return { ...answer, body: readFile(file, answer.bodyRange) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

export async function putObject(call: ObjectCall): Promise<Answer> {
  const bucket = await call.storage.bucket(call.bucketName);
  const body = call.body();
  const seal = await bucket.put({
    key: call.key,
    source: body.bytes,
    headers: keptHeaders(call.headers),
    conditions: writeConditions(call.headers),
    checksum: body.checksum,
  });
  return { status: 200, headers: { etag: quoted(seal.etag), ...checksumHeaders(seal.checksum) } };
}

export async function copyObject(call: ObjectCall): Promise<Answer> {
  const source = parseCopySource(call.headers.get('x-amz-copy-source') ?? '');
  const from = await call.storage.bucket(source.bucket);
  const to = await call.storage.bucket(call.bucketName);
  const isReplacing = call.headers.get('x-amz-metadata-directive')?.toUpperCase() === 'REPLACE';
  if (!isReplacing && source.bucket === call.bucketName && source.key === call.key) {
    throw new S3Error('InvalidRequest', 'A copy onto itself must change something, such as the metadata.');
  }
  const { file, seal } = await from.open(source.key);
  try {
    const conditions = readConditions(call.headers, 'x-amz-copy-source-');
    if (evaluateRead(conditions, seal) !== 'proceed') throw preconditionFailed();
    const copy = await to.put({
      key: call.key,
      source: copyBytes(file, seal),
      headers: isReplacing ? keptHeaders(call.headers) : seal.headers,
      conditions: writeConditions(call.headers),
      checksum: () => seal.checksum,
      etag: ({ md5 }) => md5,
    });
    return xmlAnswer(
      xmlDocument(
        'CopyObjectResult',
        element('LastModified', new Date(copy.lastModifiedMs).toISOString()),
        element('ETag', quoted(copy.etag)),
      ),
    );
  } finally {
    await file.close();
  }
}

export async function deleteObject({ storage, bucketName, key }: ObjectCall): Promise<Answer> {
  await (await storage.bucket(bucketName)).delete(key);
  return { status: 204 };
}

/** The bytes of an open object; the file stays open. */
export function copyBytes(
  file: FileHandle,
  { bytes }: Seal,
  start = 0,
  end = bytes - 1,
): AsyncIterable<Buffer> {
  return file.createReadStream({ start, end, autoClose: false, highWaterMark: READ_CHUNK_BYTES });
}

/** The headers of a request that are kept with its object. */
export function keptHeaders(headers: ReadonlyMap<string, string>): Record<string, string> {
  const kept = [...headers].filter(([name]) => KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-'));
  const bytes = kept.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > MAX_METADATA_BYTES)
    throw new S3Error('InvalidArgument', 'Your metadata headers are too large.');
  const result = new Map(kept);
  // aws-chunked is how it came, not what it is
  const encodings = (result.get('content-encoding') ?? '').split(',').map((encoding) => encoding.trim());
  const lasting = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  if (lasting.length > 0) result.set('content-encoding', lasting.join(','));
  else result.delete('content-encoding');
  return Object.fromEntries(result);
}

export const writeConditions = (headers: ReadonlyMap<string, string>) => ({
  ifMatch: headers.get('if-match'),
  ifNoneMatch: headers.get('if-none-match'),
});

export const checksumHeaders = (checksum: Checksum | undefined): Record<string, string> =>
  checksum
    ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': 'FULL_OBJECT' }
    : {};

interface ReadAnswer {
  readonly status: number;
  readonly headers: Record<string, string | number>;
  /** Undefined: no body. */
  readonly bodyRange: { start: number; end: number } | undefined;
}

function describeRead({ headers, query }: ObjectCall, seal: Seal): ReadAnswer {
  const outcome = evaluateRead(readConditions(headers), seal);
  if (outcome === 'failed') throw preconditionFailed();
  const common: Record<string, string | number> = {
    etag: quoted(seal.etag),
    'last-modified': new Date(seal.lastModifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-type': 'application/octet-stream',
    ...seal.headers,
  };
  if (outcome === 'not-modified') return { status: 304, headers: common, bodyRange: undefined };

  for (const name of query.names()) {
    if (name.startsWith('response-')) common[name.slice('response-'.length)] = headerSafe(query.text(name));
  }
  if (ACTIVE_TYPE.test(String(common['content-type']))) common['content-security-policy'] = 'sandbox';

  const range = isRangeCurrent(headers, seal) ? resolveRange(headers.get('range'), seal.bytes) : undefined;
  if (range) {
    const contentRange = `bytes ${range.start}-${range.end}/${seal.bytes}`;
    const contentLength = range.end - range.start + 1;
    const partial = { ...common, 'content-range': contentRange, 'content-length': contentLength };
    return { status: 206, headers: partial, bodyRange: range };
  }
  const wantsChecksum = headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    status: 200,
    headers: {
      ...common,
      'content-length': seal.bytes,
      ...(wantsChecksum && checksumHeaders(seal.checksum)),
    },
    bodyRange: seal.bytes === 0 ? undefined : { start: 0, end: seal.bytes - 1 },
  };
}

/** If-Range: a range of another version than the client's would be useless to it. */
function isRangeCurrent(headers: ReadonlyMap<string, string>, { etag, lastModifiedMs }: Seal): boolean {
  const ifRange = headers.get('if-range');
  if (ifRange === undefined) return true;
  if (ifRange.startsWith('"')) return ifRange === quoted(etag);
  return Date.parse(ifRange) === Math.floor(lastModifiedMs / 1000) * 1000;
}

/** A parameter becomes a header: no line breaks, and what is beyond Latin-1 escaped. */
const headerSafe = (value: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  value.replace(/[\u0000-\u001f\u007f]/g, '').replace(/[^\u0000-\u00ff]+/g, uriEncodePath);

const readFile = (file: FileHandle, { start, end }: { start: number; end: number }) =>
  file.createReadStream({ start, end, highWaterMark: READ_CHUNK_BYTES });
