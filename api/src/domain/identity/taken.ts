import { DomainError } from '../domain-error.ts';

/** A phone belongs to one person. */
export class PhoneTaken extends DomainError {
  readonly code = 'phone-taken';
}

/** A document belongs to one person. */
export class DocumentTaken extends DomainError {
  readonly code = 'document-taken';
}
