import { z } from 'zod';
import { OrgUnitId } from '../ids.ts';
import { DocumentType } from '../identity.ts';
import { Me } from './accounts.ts';
import { CodeInput, PhoneInput } from './codes.ts';
import { endpoint } from './endpoint.ts';

/** Whom a programme counts apart. A resident names them; `minor` and `elderly` follow from the day of birth. */
export const ResidentGroup = z.enum([
  'elderly',
  'migrant-worker',
  'parent',
  'minor',
  'job-seeker',
  'farmer',
  'disabled',
]);
export type ResidentGroup = z.infer<typeof ResidentGroup>;

/** What a resident agrees to, and which version of it; `minor` is agreed to by the guardian. */
export const ConsentText = z.enum(['terms', 'privacy', 'minor']);
export type ConsentText = z.infer<typeof ConsentText>;
/** The day from which the present text is good. A new version is asked for at the next sign-in. */
export const CONSENT_VERSIONS = { terms: '2026-11-22', privacy: '2026-11-22', minor: '2026-11-22' } as const;

export const Consent = z.strictObject({ text: ConsentText, version: z.string().max(20) });
export type Consent = z.infer<typeof Consent>;

export const NewPassword = z.string().min(8).max(256);

export const Registration = z
  .strictObject({
    /** What `enterByCode` gave for the phone. */
    phoneProof: z.string().max(2_000),
    displayName: z.string().max(200),
    realName: z.string().max(200),
    document: z.strictObject({ type: DocumentType, number: z.string().max(64) }),
    homeOrgUnitId: OrgUnitId,
    groups: z.array(ResidentGroup.exclude(['minor', 'elderly'])).max(5),
    consents: z.array(Consent).max(3),
    /** Of a minor: a resident, grown up, who typed the code that was sent to their phone. */
    guardian: z.strictObject({ phone: PhoneInput, code: CodeInput }).optional(),
    /** Besides the code by phone, for those who want one. */
    password: NewPassword.optional(),
  })
  .meta({ id: 'Registration' });
export type Registration = z.infer<typeof Registration>;

export const EnterByCode = z.strictObject({ phone: PhoneInput, code: CodeInput }).meta({ id: 'EnterByCode' });
export type EnterByCode = z.infer<typeof EnterByCode>;

/** The phone's owner is known and signed in, or may register with this proof. Only who has the phone learns which. */
export const Entered = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('signed-in'), me: Me }),
    z.object({ kind: z.literal('new'), phoneProof: z.string(), validSeconds: z.int() }),
  ])
  .meta({ id: 'Entered' });
export type Entered = z.infer<typeof Entered>;

/** 422 `phone-invalid`, `code-wrong`, `code-spent`; 429. */
export const enterByCode = endpoint({
  method: 'POST',
  path: '/api/session/by-code',
  body: EnterByCode,
  reply: Entered,
});

/**
 * Registers a resident by real name and signs them in. 409 `phone-taken`, `document-taken`; 422 `phone-proof-spent`, `document-invalid`,
 * `name-invalid`, `consent-missing`, `guardian-needed`, `guardian-unknown`, `code-wrong`, `code-spent`. Nothing is kept of a refused one.
 */
export const register = endpoint({
  method: 'POST',
  path: '/api/registration',
  body: Registration,
  reply: Me,
});
