import * as buckets from './bucket-operations.ts';
import type { Answer, BucketCall, Call, ObjectCall, Operation } from './call.ts';
import * as objects from './object-operations.ts';
import { S3Error } from './s3-error.ts';
import type { Target } from './target.ts';
import * as uploads from './upload-operations.ts';

/** The method, and the parameter that makes it another operation. */
type RouteName = string;

const SERVICE_ROUTES: Readonly<Record<RouteName, Operation<Call>>> = { GET: buckets.listBuckets };

const BUCKET_ROUTES: Readonly<Record<RouteName, Operation<BucketCall>>> = {
  GET: (call) =>
    call.query.get('list-type') === '2' ? buckets.listObjectsV2(call) : buckets.listObjectsV1(call),
  HEAD: buckets.headBucket,
  PUT: buckets.createBucket,
  DELETE: buckets.deleteBucket,
  'GET location': buckets.getLocation,
  'GET versioning': buckets.getVersioning,
  'GET uploads': uploads.listUploads,
  'POST delete': buckets.deleteObjects,
};

const OBJECT_ROUTES: Readonly<Record<RouteName, Operation<ObjectCall>>> = {
  GET: objects.getObject,
  HEAD: objects.getObject,
  PUT: (call) => (call.headers.has('x-amz-copy-source') ? objects.copyObject(call) : objects.putObject(call)),
  DELETE: objects.deleteObject,
  'POST uploads': uploads.createUpload,
  'PUT uploadId': (call) =>
    call.headers.has('x-amz-copy-source') ? uploads.uploadPartCopy(call) : uploads.uploadPart(call),
  'POST uploadId': uploads.completeUpload,
  'DELETE uploadId': uploads.abortUpload,
  'GET uploadId': uploads.listParts,
};

/** Parameters that ask for another resource than the bucket or the object itself; what is not routed is refused. */
const SUBRESOURCES = [
  ...[
    'uploadId',
    'uploads',
    'delete',
    'location',
    'versioning',
    'versions',
    'acl',
    'attributes',
    'cors',
    'policy',
  ],
  ...[
    'policyStatus',
    'lifecycle',
    'tagging',
    'encryption',
    'notification',
    'replication',
    'object-lock',
    'retention',
  ],
  ...[
    'legal-hold',
    'website',
    'logging',
    'accelerate',
    'requestPayment',
    'ownershipControls',
    'publicAccessBlock',
  ],
  ...[
    'analytics',
    'inventory',
    'metrics',
    'intelligent-tiering',
    'restore',
    'select',
    'torrent',
    'append',
    'session',
  ],
];

/**
 * Runs the operation that a request asks for.
 * @throws S3Error NotImplemented, MethodNotAllowed, and what the operation throws
 */
export function dispatch(call: Call, { bucket, key }: Target): Promise<Answer> {
  if (![undefined, '', 'null'].includes(call.query.get('versionId'))) {
    throw new S3Error('NotImplemented', 'There are no versions.');
  }
  const subresource = SUBRESOURCES.find((name) => call.query.has(name));
  const name = subresource === undefined ? call.method : `${call.method} ${subresource}`;
  if (bucket === undefined) return find(SERVICE_ROUTES, name)(call);
  if (key === undefined) return find(BUCKET_ROUTES, name)({ ...call, bucketName: bucket });
  return find(OBJECT_ROUTES, name)({ ...call, bucketName: bucket, key });
}

function find<SomeCall extends Call>(
  routes: Readonly<Record<RouteName, Operation<SomeCall>>>,
  name: RouteName,
): Operation<SomeCall> {
  const operation = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (operation) return operation;
  throw name.includes(' ')
    ? new S3Error('NotImplemented', `${name} is not implemented.`)
    : new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
}
