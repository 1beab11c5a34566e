import { z } from 'zod';
import { OrgUnitId } from '../ids.ts';
import { DocumentType } from '../identity.ts';
import { endpoint, NoContent } from './endpoint.ts';
import { ConsentText, ResidentGroup } from './registration.ts';

/**
 * What stays when an account is deleted, and why nobody can be recognised by it: `learning` hours and credits under a number without a
 * name; `certificates` with the masked name that they were signed with, so that they can still be checked; `viewing` what was watched, for
 * figures; `log` what was done in offices and by whom, without a name; `backups` older ones have the name until they are thrown away, phone
 * and ID number cannot be read in them either.
 */
export const KeptAfterDeletion = z.enum(['learning', 'certificates', 'viewing', 'log', 'backups']);
export type KeptAfterDeletion = z.infer<typeof KeptAfterDeletion>;

/** What the house knows of the signed-in person; phone and number are masked here too. */
export const OwnData = z
  .object({
    /** Null for an account without a real name. */
    person: z
      .object({
        name: z.string(),
        phone: z.string().nullable(),
        documentType: DocumentType.nullable(),
        number: z.string().nullable(),
        groups: z.array(ResidentGroup),
        verifiedAt: z.iso.datetime().nullable(),
      })
      .nullable(),
    home: z.object({ id: OrgUnitId, name: z.string() }),
    consents: z.array(z.object({ text: ConsentText, version: z.string(), givenAt: z.iso.datetime() })),
    keptAfterDeletion: z.array(KeptAfterDeletion),
  })
  .meta({ id: 'OwnData' });
export type OwnData = z.infer<typeof OwnData>;

export const getOwnData = endpoint({ method: 'GET', path: '/api/me/data', reply: OwnData });

/** Everything about oneself, whole (`application/zip`): JSON, and the certificates. 403 `step-up-needed`, 429. */
export const exportOwnData = endpoint({ method: 'GET', path: '/api/me/export', reply: z.unknown() });

/**
 * Deletes one's own account for good, ends all sessions and clears the cookie. 403 `step-up-needed`; 409 `is-guardian` while a minor's
 * registration rests on it.
 */
export const deleteOwnAccount = endpoint({ method: 'DELETE', path: '/api/me', reply: NoContent });
