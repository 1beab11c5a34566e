import type { IdentityFault } from '@yike/contracts/identity';
import { DomainError } from '../domain-error.ts';

/** What was typed, in the one form in which it is kept, or what is wrong with it. */
export type Reading = { readonly value: string } | { readonly fault: IdentityFault };

const CODES = { phone: 'phone-invalid', number: 'document-invalid', name: 'name-invalid' } as const;

/** A phone, number or name cannot be what it should be; the fault stands in the problem's `issues`, the value nowhere. */
export class IdentityInvalid extends DomainError {
  readonly code;
  override readonly issues;

  constructor(field: keyof typeof CODES, fault: IdentityFault) {
    super(fault);
    this.code = CODES[field];
    this.issues = [{ path: field, message: fault }];
  }
}

/** @throws IdentityInvalid where it has a fault */
export function demand(field: keyof typeof CODES, reading: Reading): string {
  if ('fault' in reading) throw new IdentityInvalid(field, reading.fault);
  return reading.value;
}
