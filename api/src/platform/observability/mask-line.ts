import { maskText } from '../../domain/identity/mask-text.ts';

/** Every string of a JSON text; numbers, as of bytes and times, are none. */
const STRINGS = /"(?:[^"\\]|\\.)*"/g;
/** A phone and its quotes. */
const SHORTEST = 13;

/** A line of the log without phones and ID numbers, whoever wrote them there: an error, a path, a visitor. It stays valid JSON. */
export const maskLine = (line: string): string =>
  line.replace(STRINGS, (text) => (text.length < SHORTEST ? text : maskText(text)));
