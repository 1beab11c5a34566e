import type { Problem, ProblemCode } from '@yike/contracts/problem';
import { DomainError } from '../../domain/domain-error.ts';

/** What the caller sent does not have the shape of the contract. */
export class InvalidRequest extends DomainError {
  readonly code = 'invalid-request';
  override readonly issues: NonNullable<Problem['issues']>;

  constructor(message: string, issues: NonNullable<Problem['issues']> = []) {
    super(message);
    this.issues = issues;
  }
}

/** A session is needed. */
export class NotSignedIn extends DomainError {
  readonly code = 'not-signed-in';
}

/** A page of another site sent this. */
export class WrongOrigin extends DomainError {
  readonly code = 'wrong-origin';
}

/** A media node's request without its valid signature. */
export class SignatureInvalid extends DomainError {
  readonly code = 'signature-invalid';
}

/** A "not now": the caller may try again after a while. */
export abstract class TryLater extends DomainError {
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterSeconds));
  }
}

export class TooManyRequests extends TryLater {
  readonly code: ProblemCode = 'too-many-requests';
}
