import { z } from 'zod';
import { OrgUnitId } from '../ids.ts';
import { DocumentType } from '../identity.ts';
import { CodeInput, PhoneInput } from './codes.ts';
import { endpoint, NoContent } from './endpoint.ts';
import { NewPassword, ResidentGroup } from './registration.ts';

/** What is kept of oneself; numbers are masked here too, since others may look over one's shoulder. */
export const OwnIdentity = z
  .object({
    /** Null: this account has no real name. */
    name: z.string().nullable(),
    phone: z.string().nullable(),
    document: z.object({ type: DocumentType, number: z.string() }).nullable(),
    groups: z.array(ResidentGroup),
    home: z.object({ id: OrgUnitId, name: z.string() }),
    hasGuardian: z.boolean(),
    hasPassword: z.boolean(),
    registeredAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'OwnIdentity' });
export type OwnIdentity = z.infer<typeof OwnIdentity>;

export const getOwnIdentity = endpoint({ method: 'GET', path: '/api/me/identity', reply: OwnIdentity });

/** 403 `step-up-needed` first; 422 `code-wrong`, `code-spent` for the code sent to the new phone; 409 `phone-taken`. */
export const changePhone = endpoint({
  method: 'PUT',
  path: '/api/me/phone',
  body: z.strictObject({ phone: PhoneInput, code: CodeInput }),
  reply: NoContent,
});

/** Who moves takes their account along. 404 for a home that is no community. */
export const changeHome = endpoint({
  method: 'PUT',
  path: '/api/me/home',
  body: z.strictObject({ homeOrgUnitId: OrgUnitId }),
  reply: NoContent,
});

/** 403 `step-up-needed` first. All other sessions end. */
export const changePassword = endpoint({
  method: 'PUT',
  path: '/api/me/password',
  body: z.strictObject({ password: NewPassword }),
  reply: NoContent,
});
