import type { Reading } from './reading.ts';

const LONGEST_REAL = 50;
const LONGEST_SHOWN = 20;
/** Letters and their marks, and what stands between the parts of a name: 买买提·艾力, O'Neil, Jean-Luc, J. Smith. */
const REAL_NAME = /^[\p{L}\p{M}][\p{L}\p{M} ·'’.-]*$/u;
/** Keyboards have many dots for the one in 买买提·艾力. */
const MIDDLE_DOTS = /[‧・•∙⋅･]/gu;
/** Control and format characters (text direction among them), private and unassigned ones, line ends: they make names look like others. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** The name as the document has it. */
export function readRealName(typed: string): Reading {
  const name = tidy(typed).replace(MIDDLE_DOTS, '·');
  const fault = faultOf(name, LONGEST_REAL);
  if (fault !== null) return { fault };
  return REAL_NAME.test(name) ? { value: name } : { fault: 'name-characters' };
}

/** The name that others see: anything that can be seen. Mask it of phones and numbers before it is kept. */
export function readDisplayName(typed: string): Reading {
  const name = tidy(typed);
  const fault = faultOf(name, LONGEST_SHOWN);
  return fault === null ? { value: name } : { fault };
}

/** NFC, so that equal names are equal; one space where there were several. */
const tidy = (typed: string): string =>
  typed
    .normalize('NFC')
    .trim()
    .replace(/\p{Zs}+/gu, ' ');

function faultOf(name: string, longest: number): 'name-empty' | 'name-characters' | 'name-too-long' | null {
  if (name === '') return 'name-empty';
  if (INVISIBLE.test(name)) return 'name-characters';
  return Array.from(name).length > longest ? 'name-too-long' : null;
}
