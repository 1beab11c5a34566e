/**
 * Whose fault a failed storage operation is, so that an alarm goes to the right person:
 * `caller` a fault in our code or a normal "no", `configuration` the operator's keys, bucket or clock,
 * `storage` the object storage itself, `network` what lies between.
 */
export type Blame = 'caller' | 'configuration' | 'storage' | 'network';

export type StorageErrorCode =
  | 'not-found'
  | 'precondition-failed'
  | 'unavailable'
  | 'checksum-mismatch'
  | 'access-denied'
  | 'bucket-missing'
  | 'invalid-key'
  | 'invalid-range'
  | 'unexpected-answer';

/** Every error the `ObjectStore` throws. `retryable`: the same call may succeed later, unchanged. */
export abstract class StorageError extends Error {
  abstract readonly code: StorageErrorCode;
  abstract readonly blame: Blame;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** There is no such object. */
export class NotFound extends StorageError {
  readonly code = 'not-found';
  readonly blame = 'caller';
  readonly retryable = false;
}

/** A condition (`ifNoneMatch`) did not hold: the object is there already. */
export class PreconditionFailed extends StorageError {
  readonly code = 'precondition-failed';
  readonly blame = 'caller';
  readonly retryable = false;
}

/** Storage refused, hung, answered 5xx, broke off, is full, or said 200 and did not mean it. Try again later. */
export class Unavailable extends StorageError {
  readonly code = 'unavailable';
  readonly blame = 'storage';
  readonly retryable = true;
}

/** The bytes that arrived are not the bytes that were sent. Send (or read) them again. */
export class ChecksumMismatch extends StorageError {
  readonly code = 'checksum-mismatch';
  readonly blame = 'network';
  readonly retryable = true;
}

/** Wrong keys, missing rights, or a clock that differs by more than 15 minutes. */
export class AccessDenied extends StorageError {
  readonly code = 'access-denied';
  readonly blame = 'configuration';
  readonly retryable = false;
}

export class BucketMissing extends StorageError {
  readonly code = 'bucket-missing';
  readonly blame = 'configuration';
  readonly retryable = false;
}

/** The key breaks the rules of `assertKey`. */
export class InvalidKey extends StorageError {
  readonly code = 'invalid-key';
  readonly blame = 'caller';
  readonly retryable = false;
}

/** The range begins beyond the end of the object. */
export class InvalidRange extends StorageError {
  readonly code = 'invalid-range';
  readonly blame = 'caller';
  readonly retryable = false;
}

/** An answer that this client does not understand; the S3 code is in the message. */
export class UnexpectedAnswer extends StorageError {
  readonly code = 'unexpected-answer';
  readonly blame = 'storage';
  readonly retryable = false;
}
