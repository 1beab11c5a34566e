/** The S3 error codes that this server gives, with their statuses. */
const STATUS = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidObjectName: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
  /** MinIO's word for a full disk. */
  XMinioStorageFull: 507,
} as const;

export type S3ErrorCode = keyof typeof STATUS;

/** Thrown anywhere in the server; answered as an XML document. */
export class S3Error extends Error {
  readonly code: S3ErrorCode;
  readonly status: number;
  /** Headers of the answer besides the usual ones. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: S3ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'S3Error';
    this.code = code;
    this.status = STATUS[code];
    this.headers = headers;
  }
}

/** True if the error is of the operating system and has one of these codes (`ENOENT`). */
export const isSystemError = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);

/** Any error as an S3 error: a full disk and a broken-off body have their own codes. */
export function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  if (isSystemError(error, 'ENOSPC', 'EDQUOT')) {
    return new S3Error('XMinioStorageFull', 'The disk of the storage server is full.');
  }
  if (isSystemError(error, 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE')) {
    return new S3Error('IncompleteBody', 'The connection broke off before the body was complete.');
  }
  return new S3Error('InternalError', 'The storage server failed.');
}
