import type { Reading } from './reading.ts';
import { withoutSeparators } from './typed.ts';

/** Of China, as people write it before the eleven digits. */
const COUNTRY = /^(?:\+|00)?86(?=1\d{10}$)/;
const LENGTH = 11;
/** Second digits 3 to 9 belong to mobile networks (MIIT's numbering plan of telecommunication networks). */
const MOBILE = /^1[3-9]\d{9}$/;

/** A mobile phone of the mainland, kept as eleven digits. */
export function readPhone(typed: string): Reading {
  const digits = withoutSeparators(typed).replace(COUNTRY, '');
  if (!/^\+?\d*$/.test(digits)) return { fault: 'phone-characters' };
  if (digits.length !== LENGTH) return { fault: 'phone-length' };
  return MOBILE.test(digits) ? { value: digits } : { fault: 'phone-not-mobile' };
}

/** 138****5678 */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`;
