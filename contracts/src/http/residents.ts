import { z } from 'zod';
import { OrgUnitId, UserId } from '../ids.ts';
import { DocumentType } from '../identity.ts';
import { endpoint, page } from './endpoint.ts';
import { ResidentGroup } from './registration.ts';

/** A registered resident as administration sees them: name and numbers masked. */
export const Resident = z
  .object({
    id: UserId,
    name: z.string(),
    displayName: z.string(),
    phone: z.string().nullable(),
    documentType: DocumentType.nullable(),
    number: z.string().nullable(),
    birthYear: z.int().nullable(),
    groups: z.array(ResidentGroup),
    home: z.object({ id: OrgUnitId, name: z.string() }),
    registeredAt: z.iso.datetime(),
  })
  .meta({ id: 'Resident' });
export type Resident = z.infer<typeof Resident>;

export const ResidentSort = z.enum(['name', 'newest']);
export type ResidentSort = z.infer<typeof ResidentSort>;

export const ResidentSearch = z
  .strictObject({
    /** The beginning of a name, or a whole phone or ID number. */
    words: z.string().trim().max(64).default(''),
    /** At or below this organisation. */
    under: OrgUnitId.optional(),
    group: ResidentGroup.optional(),
    sort: ResidentSort.default('name'),
    cursor: z.string().max(400).optional(),
    limit: z.int().min(1).max(100).default(20),
  })
  .meta({ id: 'ResidentSearch' });
export type ResidentSearch = z.infer<typeof ResidentSearch>;

/** Of the organisations that the caller looks after. A POST, since what is looked for may be a phone: it must not stand in an address. */
export const searchResidents = endpoint({
  method: 'POST',
  path: '/api/admin/residents/search',
  body: ResidentSearch,
  reply: page(Resident),
});

/** 404 for who is none of the caller's. */
export const getResident = endpoint({
  method: 'GET',
  path: '/api/admin/residents/:userId',
  reply: Resident,
});

export const RevealedField = z.enum(['name', 'phone', 'number']);
export type RevealedField = z.infer<typeof RevealedField>;

/** The whole value, for a reason that stands in the audit log. 403 `step-up-needed` first. */
export const revealResident = endpoint({
  method: 'POST',
  path: '/api/admin/residents/:userId/reveal',
  body: z.strictObject({ field: RevealedField, reason: z.string().trim().min(2).max(200) }),
  reply: z.object({ value: z.string().nullable() }),
});
