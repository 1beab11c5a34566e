import { z } from 'zod';

/** Documents that prove who somebody is. */
export const DocumentType = z.enum(['mainland-id']);
export type DocumentType = z.infer<typeof DocumentType>;

/**
 * What is wrong with a phone, a document's number or a name as it was typed. It stands as `message` in a problem's `issues`; the portal has
 * a sentence for each.
 */
export const IdentityFault = z.enum([
  'phone-characters',
  'phone-length',
  'phone-not-mobile',
  'number-characters',
  'number-fifteen',
  'number-length',
  'number-region',
  'number-birth-date',
  'number-birth-in-future',
  'number-checksum',
  'name-empty',
  'name-too-long',
  'name-characters',
]);
export type IdentityFault = z.infer<typeof IdentityFault>;
