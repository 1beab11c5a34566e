import type { DocumentType } from '@yike/contracts/identity';
import type { CalendarDay } from './calendar-day.ts';
import { birthDateOfMainlandId, maskMainlandId, readMainlandId } from './mainland-id.ts';
import type { Reading } from './reading.ts';

/** What one must know of a kind of document in order to take it. */
export interface DocumentRules {
  /** Brings what was typed to its one form, and checks it. */
  read(typed: string, today: CalendarDay): Reading;
  /** For every view of it. */
  mask(number: string): string;
  /** Null where the number does not tell. */
  birthDate(number: string): CalendarDay | null;
}

/** Another document is one line here and one value of `DocumentType`. */
export const DOCUMENTS: Readonly<Record<DocumentType, DocumentRules>> = {
  'mainland-id': { read: readMainlandId, mask: maskMainlandId, birthDate: birthDateOfMainlandId },
};
