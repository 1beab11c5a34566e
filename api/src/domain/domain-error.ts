import type { Problem, ProblemCode } from '@yike/contracts/problem';

/** A "no" that the caller can understand. The code decides the HTTP status; the message is for engineers and never secret. */
export abstract class DomainError extends Error {
  abstract readonly code: ProblemCode;
  /** The fields that were refused, and why. */
  readonly issues?: Problem['issues'];

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** There is no such thing, or not for this person. */
export class NotFound extends DomainError {
  readonly code = 'not-found';
}

/** The person is known and may not do this. */
export class Forbidden extends DomainError {
  readonly code = 'forbidden';
}
