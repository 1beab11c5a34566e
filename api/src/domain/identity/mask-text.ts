import { looksLikeMainlandId, maskMainlandId } from './mainland-id.ts';
import { maskPhone } from './phone.ts';

/** Digits of one writing that stand together. */
interface Group {
  readonly digits: string;
  /** Where each digit begins in the text, and where the last one ends. */
  readonly starts: readonly number[];
  readonly end: number;
}

/** A number that was found: what to show of it, and the places of its digits in the text, of which there are as many. */
interface Found {
  readonly shown: string;
  readonly groups: readonly Group[];
}

/** Ids and hashes in hexadecimal have long runs of digits by chance. */
const HEXADECIMAL =
  /\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{40})\b/gi;
/** Between the groups of one number: 138 1234 5678, 138-1234-5678, (138) 1234.5678. */
const SEPARATOR = /^[\s\p{Pd}\p{Cf}.·•,，、/()（）_]{0,3}$/u;
const BEYOND_ASCII = /[^\0-\x7F]/;
/** As many as a phone has, with what may stand between them. */
const ELEVEN_DIGITS = /(?:\d[^\dA-Za-z]{0,3}){10}\d/;
const ANY_DIGIT = /[\p{Nd}\p{No}]/u;
const CHECK_SIGN = /^[xXｘＸ]$/;
const PHONE = /^(?:0|86|0086)?(1[3-9]\d{9})$/;
const PHONE_LENGTH = 11;
const ID_LENGTH = 18;

/**
 * Hides phones and ID numbers in what people write, however they space them and whatever digits they take (１３８, ①③⑧). ID numbers are
 * found by province and day of birth, without their checksum: a slip hides nothing.
 */
export function maskText(text: string): string {
  if (!mayHoldNumber(text)) return text;
  const groups = groupsOf(text.replace(HEXADECIMAL, (id) => '#'.repeat(id.length)));
  let masked = '';
  let shownUpTo = 0;
  for (let at = 0; at < groups.length;) {
    const found = findAt(groups, at, text);
    if (found === null) at += 1;
    else {
      masked += text.slice(shownUpTo, found.groups[0]?.starts[0]) + written(found, text);
      shownUpTo = found.groups.at(-1)?.end ?? shownUpTo;
      at += found.groups.length;
    }
  }
  return masked + text.slice(shownUpTo);
}

/** Most texts have no number, which is seen quickly: the log asks for each of its strings. */
function mayHoldNumber(text: string): boolean {
  if (text.length < PHONE_LENGTH) return false;
  return BEYOND_ASCII.test(text) ? ANY_DIGIT.test(text) : ELEVEN_DIGITS.test(text);
}

/** All groups of digits; an X, which may end an ID number, is a group by itself. */
function groupsOf(text: string): Group[] {
  const groups: Group[] = [];
  let open: { digits: string; starts: number[]; end: number } | null = null;
  let at = 0;
  for (const sign of text) {
    const digit = digitOf(sign);
    const end = at + sign.length;
    if (digit === null) {
      open = null;
      if (CHECK_SIGN.test(sign)) groups.push({ digits: 'X', starts: [at], end });
    } else {
      if (open === null) groups.push((open = { digits: '', starts: [], end }));
      open.digits += digit;
      open.starts.push(at);
      open.end = end;
    }
    at = end;
  }
  return groups;
}

/** The digit that a sign stands for; null for others, also for ½ and ⑩. */
function digitOf(sign: string): string | null {
  if (sign >= '0' && sign <= '9') return sign;
  if (sign < '\u0080' || !ANY_DIGIT.test(sign)) return null;
  const plain = sign.normalize('NFKC');
  return /^\d$/.test(plain) ? plain : null;
}

/** The number that begins with this group and ends with it or with one soon behind. */
function findAt(groups: readonly Group[], first: number, text: string): Found | null {
  let digits = '';
  for (let last = first; last < groups.length; last += 1) {
    const group = groups[last];
    const before = groups[last - 1];
    if (group === undefined) return null;
    if (last > first && before !== undefined && !SEPARATOR.test(text.slice(before.end, group.starts[0])))
      return null;
    digits += group.digits;
    if (digits.length > ID_LENGTH) return null;
    const shown = shownOf(digits);
    if (shown !== null) return { shown, groups: groups.slice(first, last + 1) };
  }
  return null;
}

/** What may be shown of these digits; null where they are neither a phone nor an ID number. */
function shownOf(digits: string): string | null {
  const [, phone] = PHONE.exec(digits) ?? [];
  if (phone !== undefined) return digits.slice(0, -PHONE_LENGTH) + maskPhone(phone);
  const isId = digits.length === ID_LENGTH && looksLikeMainlandId(digits);
  return isId ? maskMainlandId(digits) : null;
}

/** The number as it stands in the text, with stars where its digits are not shown. */
function written({ shown, groups }: Found, text: string): string {
  const starts = groups.flatMap((group) => group.starts);
  const from = starts[0] ?? 0;
  const end = groups.at(-1)?.end ?? from;
  return starts
    .map((start, at) => {
      const sign = String.fromCodePoint(text.codePointAt(start) ?? 0);
      const behind = text.slice(start + sign.length, starts[at + 1] ?? end);
      return (shown[at] === '*' ? '*' : sign) + behind;
    })
    .join('');
}
