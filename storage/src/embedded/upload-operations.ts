import { uriEncodePath } from '../sigv4.ts';
import { readSmallBody } from './body.ts';
import { encoder, isoTime } from './bucket-operations.ts';
import { resolveRange } from './byte-range.ts';
import { type Answer, type BucketCall, type ObjectCall, type Query, quoted, xmlAnswer } from './call.ts';
import { checksumHeaders, copyBytes, keptHeaders, writeConditions } from './object-operations.ts';
import { groupOf } from './listing.ts';
import { S3Error } from './s3-error.ts';
import { parseCopySource } from './target.ts';
import { type Upload, UploadFolder } from './upload-folder.ts';
import { element, optional, parseDocument, recordsIn, textOf, xmlDocument } from './xml.ts';

const MAX_PARTS = 10_000;
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
const PAGE = { min: 0, max: 1000, fallback: 1000 };

export async function createUpload(call: ObjectCall): Promise<Answer> {
  const uploads = await uploadsOf(call);
  const { uploadId } = await uploads.create(call.key, keptHeaders(call.headers));
  return xmlAnswer(
    xmlDocument(
      'InitiateMultipartUploadResult',
      element('Bucket', call.bucketName),
      element('Key', call.key),
      element('UploadId', uploadId),
    ),
  );
}

export async function uploadPart(call: ObjectCall): Promise<Answer> {
  const { uploads, upload } = await findUpload(call);
  const body = call.body();
  const seal = await uploads.putPart(upload, readPartNumber(call.query), body.bytes, body.checksum);
  return { status: 200, headers: { etag: quoted(seal.etag), ...checksumHeaders(seal.checksum) } };
}

export async function uploadPartCopy(call: ObjectCall): Promise<Answer> {
  const { uploads, upload } = await findUpload(call);
  const partNumber = readPartNumber(call.query);
  const source = parseCopySource(call.headers.get('x-amz-copy-source') ?? '');
  const { file, seal } = await (await call.storage.bucket(source.bucket)).open(source.key);
  try {
    const range = resolveRange(call.headers.get('x-amz-copy-source-range'), seal.bytes);
    const bytes = copyBytes(file, seal, range?.start, range?.end);
    const part = await uploads.putPart(upload, partNumber, bytes, () => undefined);
    return xmlAnswer(
      xmlDocument(
        'CopyPartResult',
        element('LastModified', isoTime(part.lastModifiedMs)),
        element('ETag', quoted(part.etag)),
      ),
    );
  } finally {
    await file.close();
  }
}

export async function completeUpload(call: ObjectCall): Promise<Answer> {
  const { uploads, upload } = await findUpload(call);
  const text = await readSmallBody(call.body(), MAX_DOCUMENT_BYTES);
  const named = recordsIn(parseDocument(text, 'CompleteMultipartUpload').Part).map((part) => ({
    partNumber: Number(textOf(part.PartNumber)),
    etag: textOf(part.ETag).trim().replace(/^"|"$/g, ''),
  }));
  if (named.some(({ partNumber }) => !Number.isSafeInteger(partNumber))) {
    throw new S3Error('MalformedXML', 'A part number is not a number.');
  }
  const seal = await uploads.complete(upload, named, writeConditions(call.headers));
  return xmlAnswer(
    xmlDocument(
      'CompleteMultipartUploadResult',
      element('Location', `/${call.bucketName}/${uriEncodePath(call.key)}`),
      element('Bucket', call.bucketName),
      element('Key', call.key),
      element('ETag', quoted(seal.etag)),
    ),
  );
}

export async function abortUpload(call: ObjectCall): Promise<Answer> {
  const { uploads, upload } = await findUpload(call);
  await uploads.abort(upload);
  return { status: 204 };
}

export async function listParts(call: ObjectCall): Promise<Answer> {
  const { uploads, upload } = await findUpload(call);
  const maxParts = call.query.wholeNumber('max-parts', PAGE);
  const marker = call.query.wholeNumber('part-number-marker', { min: 0, max: MAX_PARTS, fallback: 0 });
  const rest = (await uploads.listParts(upload)).filter(({ partNumber }) => partNumber > marker);
  const page = rest.slice(0, maxParts);
  const isTruncated = rest.length > page.length;
  return xmlAnswer(
    xmlDocument(
      'ListPartsResult',
      element('Bucket', call.bucketName),
      element('Key', encoder(call.query)(call.key)),
      element('UploadId', upload.uploadId),
      element('PartNumberMarker', marker),
      optional('NextPartNumberMarker', page.at(-1)?.partNumber),
      element('MaxParts', maxParts),
      element('IsTruncated', isTruncated),
      ...page.map(({ partNumber, seal }) =>
        element(
          'Part',
          element('PartNumber', partNumber),
          element('LastModified', isoTime(seal.lastModifiedMs)),
          element('ETag', quoted(seal.etag)),
          element('Size', seal.bytes),
        ),
      ),
    ),
  );
}

export async function listUploads(call: BucketCall): Promise<Answer> {
  const { query } = call;
  const [prefix, delimiter] = [query.text('prefix'), query.text('delimiter')];
  const maxUploads = query.wholeNumber('max-uploads', PAGE);
  const encode = encoder(query);
  const all = await (await uploadsOf(call)).list();
  const ungrouped = all.filter(
    ({ key }) => key.startsWith(prefix) && groupOf(key, prefix, delimiter) === undefined,
  );
  const groups = new Set(
    all.filter(({ key }) => key.startsWith(prefix)).map(({ key }) => groupOf(key, prefix, delimiter)),
  );
  const rest = behindMarker(ungrouped, query.text('key-marker'), query.text('upload-id-marker'));
  const page = rest.slice(0, maxUploads);
  const last = rest.length > page.length ? page.at(-1) : undefined;
  return xmlAnswer(
    xmlDocument(
      'ListMultipartUploadsResult',
      element('Bucket', call.bucketName),
      element('KeyMarker', encode(query.text('key-marker'))),
      element('UploadIdMarker', query.text('upload-id-marker')),
      optional('NextKeyMarker', last && encode(last.key)),
      optional('NextUploadIdMarker', last?.uploadId),
      element('Prefix', encode(prefix)),
      optional('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
      optional('EncodingType', query.get('encoding-type')),
      element('MaxUploads', maxUploads),
      element('IsTruncated', last !== undefined),
      ...page.map(({ key, uploadId, initiatedAtMs }) =>
        element(
          'Upload',
          element('Key', encode(key)),
          element('UploadId', uploadId),
          element('StorageClass', 'STANDARD'),
          element('Initiated', isoTime(initiatedAtMs)),
        ),
      ),
      ...[...groups]
        .filter((group) => group !== undefined)
        .map((group) => element('CommonPrefixes', element('Prefix', encode(group)))),
    ),
  );
}

/** Uploads behind `key`, and those of `key` behind the one with the marker's id. */
function behindMarker(uploads: readonly Upload[], key: string, uploadId: string): readonly Upload[] {
  if (key === '') return uploads;
  const marked = uploads.findIndex((upload) => upload.key === key && upload.uploadId === uploadId);
  if (marked >= 0) return uploads.slice(marked + 1);
  return uploads.filter((upload) => Buffer.compare(Buffer.from(upload.key), Buffer.from(key)) > 0);
}

const uploadsOf = async ({ storage, bucketName }: BucketCall): Promise<UploadFolder> =>
  new UploadFolder(await storage.bucket(bucketName));

async function findUpload(call: ObjectCall): Promise<{ uploads: UploadFolder; upload: Upload }> {
  const uploads = await uploadsOf(call);
  return { uploads, upload: await uploads.find(call.query.text('uploadId'), call.key) };
}

function readPartNumber(query: Query): number {
  const text = query.text('partNumber');
  const partNumber = Number(text);
  if (!/^\d{1,5}$/.test(text) || partNumber < 1 || partNumber > MAX_PARTS) {
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  }
  return partNumber;
}
