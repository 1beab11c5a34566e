import type { Canonical } from './canonical-json.ts';

/** What a certificate says and its signature covers. The name is masked already: the whole one is nowhere in it. */
export interface CertificateFacts {
  readonly number: string;
  readonly maskedName: string;
  readonly courseTitle: string;
  readonly place: string | null;
  /** Class time, in whole seconds. */
  readonly seconds: number;
  /** ISO 8601 in UTC. */
  readonly issuedAt: string;
  readonly issuer: string;
}

/** Digits and capital letters without look-alikes (0 O, 1 I L, U V is kept apart by leaving U out): 30 signs. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 10;
/** Random bytes that {@link certificateNumber} asks for: some of them are thrown away, so that every sign is equally likely. */
export const NUMBER_BYTES = 64;

/**
 * A certificate number such as `YK-2026-7F3KM9XQ2A`: 49 bits of chance, not to be guessed.
 * @param random {@link NUMBER_BYTES} random bytes
 * @throws RangeError when too few of the bytes can be used (it does not happen by chance)
 */
export function certificateNumber(year: number, random: Uint8Array): string {
  const fair = Array.from(random).filter((byte) => byte < 256 - (256 % ALPHABET.length));
  if (fair.length < LENGTH) throw new RangeError('too few random bytes');
  const signs = fair.slice(0, LENGTH).map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return `YK-${year}-${signs.join('')}`;
}

/**
 * A name that only its bearer recognises: 王*英, 李*, Z***** W***.
 * Chinese names keep the first and the last sign (of two signs the first), others the first letter of each word.
 */
export function maskName(name: string): string {
  const trimmed = name.trim();
  if (!/\p{Script=Han}/u.test(trimmed)) return trimmed.split(/\s+/u).map(maskWord).join(' ');
  const signs = Array.from(trimmed);
  const [first = '', ...rest] = signs;
  if (rest.length <= 1) return `${first}*`;
  return `${first}${'*'.repeat(rest.length - 1)}${rest.at(-1) ?? ''}`;
}

/** The facts as they are signed. */
export const certificateClaims = (facts: CertificateFacts): Record<string, Canonical> => ({ ...facts });

function maskWord(word: string): string {
  const [first = '', ...rest] = Array.from(word);
  return `${first}${'*'.repeat(Math.max(1, rest.length))}`;
}
