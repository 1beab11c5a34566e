import { DomainError } from './domain-error.ts';

/** How long a code is good. */
export const CODE_VALID_MS = 5 * 60_000;
/** How often one may try to type it. */
export const CODE_TRIES = 5;
/** The next one may be asked for so long after the last. */
export const CODE_PAUSE_SECONDS = 60;

/** One code, as it is kept: of the six digits only a keyed hash. */
export interface OneTimeCode {
  readonly hash: Buffer;
  readonly expiresAtMs: number;
  readonly triesLeft: number;
  readonly isUsed: boolean;
}

/** There is no such code (any more), or these are other digits: which of the two is not told. */
export class CodeWrong extends DomainError {
  readonly code = 'code-wrong';
}

/** Too many tries, or too much time: a new one must be asked for. */
export class CodeSpent extends DomainError {
  readonly code = 'code-spent';
}

/** `right` uses the code up, `wrong` takes one try, `spent` changes nothing: it can never be right again. */
export type CodeVerdict = 'right' | 'wrong' | 'spent';

/**
 * Judges one try. A spent code is never compared, so that its digits cannot be learned from it.
 * @param isSame compares the keyed hash of the typed digits in constant time
 */
export function judgeCode(
  code: OneTimeCode | null,
  nowMs: number,
  isSame: (hash: Buffer) => boolean,
): CodeVerdict {
  if (code === null) return 'wrong';
  if (code.isUsed || code.triesLeft <= 0 || nowMs >= code.expiresAtMs) return 'spent';
  return isSame(code.hash) ? 'right' : 'wrong';
}

/** Six digits, leading zeros kept. @param value an integer in [0, 1,000,000) */
export const printCode = (value: number): string => String(value).padStart(6, '0');
