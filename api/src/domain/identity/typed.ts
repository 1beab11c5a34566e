/** What people put between digits, and what comes along when they copy: spaces, dashes of every kind, dots, brackets, marks without width. */
const SEPARATORS = /[\s\p{Pd}\p{Cf}.·•()]/gu;

/** A number as it was meant: full-width digits and letters become plain ones, separators go, letters are capitals. */
export const withoutSeparators = (typed: string): string =>
  typed.normalize('NFKC').replace(SEPARATORS, '').toUpperCase();
