import { uriEncodePath } from '../sigv4.ts';
import type { BucketFolder } from './bucket-folder.ts';
import { type Answer, type BucketCall, type Call, type Query, quoted, xmlAnswer } from './call.ts';
import { readSmallBody } from './body.ts';
import type { Cursor } from './key-walk.ts';
import { decodeToken, encodeToken, groupOf, type Listing, listPage } from './listing.ts';
import { S3Error } from './s3-error.ts';
import type { Seal } from './sealed-file.ts';
import { assertObjectKey } from './target.ts';
import {
  element,
  type Markup,
  optional,
  parseDocument,
  recordsIn,
  text,
  textOf,
  xmlDocument,
} from './xml.ts';

const MAX_KEYS = 1000;
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

export async function listBuckets({ storage }: Call): Promise<Answer> {
  const buckets = (await storage.listBuckets()).map(({ name, createdAtMs }) =>
    element('Bucket', element('Name', name), element('CreationDate', isoTime(createdAtMs))),
  );
  const owner = element('Owner', element('ID', 'embedded'), element('DisplayName', 'embedded'));
  return xmlAnswer(xmlDocument('ListAllMyBucketsResult', owner, element('Buckets', ...buckets)));
}

export async function createBucket(call: BucketCall): Promise<Answer> {
  await readSmallBody(call.body(), MAX_DOCUMENT_BYTES); // may name a region, which is ours anyway
  await call.storage.createBucket(call.bucketName);
  return { status: 200, headers: { location: `/${call.bucketName}` } };
}

export async function headBucket({ storage, bucketName, region }: BucketCall): Promise<Answer> {
  await storage.bucket(bucketName);
  return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

export async function deleteBucket({ storage, bucketName }: BucketCall): Promise<Answer> {
  await storage.deleteBucket(bucketName);
  return { status: 204 };
}

/** S3 leaves the element empty for us-east-1. */
export async function getLocation({ storage, bucketName, region }: BucketCall): Promise<Answer> {
  await storage.bucket(bucketName);
  return xmlAnswer(xmlDocument('LocationConstraint', ...(region === 'us-east-1' ? [] : [text(region)])));
}

export async function getVersioning({ storage, bucketName }: BucketCall): Promise<Answer> {
  await storage.bucket(bucketName);
  return xmlAnswer(xmlDocument('VersioningConfiguration'));
}

export async function listObjectsV2({ storage, bucketName, query }: BucketCall): Promise<Answer> {
  const bucket = await storage.bucket(bucketName);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const cursor = token === undefined ? behind(startAfter) : decodeToken(token);
  if (token !== undefined && cursor === undefined) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  }
  const { listing, common } = await list(bucket, query, cursor);
  const encode = encoder(query);
  return xmlAnswer(
    xmlDocument(
      'ListBucketResult',
      element('Name', bucketName),
      optional('StartAfter', startAfter && encode(startAfter)),
      optional('ContinuationToken', token),
      optional('NextContinuationToken', listing.next && encodeToken(listing.next)),
      element('KeyCount', listing.keys.length + listing.commonPrefixes.length),
      ...common,
    ),
  );
}

export async function listObjectsV1({ storage, bucketName, query }: BucketCall): Promise<Answer> {
  const bucket = await storage.bucket(bucketName);
  const marker = query.text('marker');
  // The marker of a page that ended with a group is the group.
  const isGroup = groupOf(marker, query.text('prefix'), query.text('delimiter')) === marker;
  const cursor = marker === '' ? undefined : { key: marker, skipsPrefix: isGroup };
  const { listing, common } = await list(bucket, query, cursor);
  const encode = encoder(query);
  return xmlAnswer(
    xmlDocument(
      'ListBucketResult',
      element('Name', bucketName),
      element('Marker', encode(marker)),
      optional('NextMarker', listing.next && encode(listing.next.key)),
      ...common,
    ),
  );
}

/** Bulk delete: up to 1,000 keys, each with its own result. */
export async function deleteObjects(call: BucketCall): Promise<Answer> {
  const bucket = await call.storage.bucket(call.bucketName);
  const document = parseDocument(await readSmallBody(call.body(), MAX_DOCUMENT_BYTES), 'Delete');
  const keys = recordsIn(document.Object).map((object) => textOf(object.Key));
  if (keys.length === 0 || keys.length > MAX_KEYS || keys.includes('')) {
    throw new S3Error('MalformedXML', 'A bulk delete names 1 to 1000 keys.');
  }
  keys.forEach(assertObjectKey);
  for (const key of keys) await bucket.delete(key);
  const isQuiet = textOf(document.Quiet).trim() === 'true';
  const deleted = isQuiet ? [] : keys.map((key) => element('Deleted', element('Key', key)));
  return xmlAnswer(xmlDocument('DeleteResult', ...deleted));
}

async function list(
  bucket: BucketFolder,
  query: Query,
  cursor: Cursor | undefined,
): Promise<{ listing: Listing; common: Markup[] }> {
  const maxKeys = query.wholeNumber('max-keys', { min: 0, max: MAX_KEYS, fallback: MAX_KEYS });
  const prefix = query.text('prefix');
  const delimiter = query.text('delimiter');
  const encode = encoder(query);
  const walk = (from: string, behindCursor: Cursor | undefined) => bucket.keys(from, behindCursor);
  const listing = await listPage(walk, { prefix, delimiter, maxKeys, cursor });
  const seals = await Promise.all(listing.keys.map((key) => sealOrNothing(bucket, key)));
  const common = [
    element('Prefix', encode(prefix)),
    optional('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    optional('EncodingType', query.get('encoding-type')),
    element('MaxKeys', maxKeys),
    element('IsTruncated', listing.next !== undefined),
    ...seals.filter((seal) => seal !== undefined).map((seal) => contents(seal, encode)),
    ...listing.commonPrefixes.map((group) => element('CommonPrefixes', element('Prefix', encode(group)))),
  ];
  return { listing, common };
}

const contents = (seal: Seal, encode: (text: string) => string): Markup =>
  element(
    'Contents',
    element('Key', encode(seal.key)),
    element('LastModified', isoTime(seal.lastModifiedMs)),
    element('ETag', quoted(seal.etag)),
    element('Size', seal.bytes),
    element('StorageClass', 'STANDARD'),
  );

/** An object may be deleted between the walk and the look at it. */
async function sealOrNothing(bucket: BucketFolder, key: string): Promise<Seal | undefined> {
  try {
    return await bucket.readSeal(key);
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** @throws S3Error InvalidArgument for any other encoding than `url` */
export function encoder(query: Query): (text: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding === undefined) return (text) => text;
  if (encoding !== 'url')
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return uriEncodePath;
}

const behind = (key: string | undefined): Cursor | undefined =>
  key === undefined || key === '' ? undefined : { key, skipsPrefix: false };

export const isoTime = (atMs: number): string => new Date(atMs).toISOString();
