/** A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection); full-width ones too, in some languages. */
const FORMULA = /^[\s\p{Cf}]*[=+\-@＝＋－＠\t\r]/u;

/** A text for a cell of an exported table: what would be a formula begins with an apostrophe and stays text. */
export const safeCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
