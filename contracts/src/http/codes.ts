import { z } from 'zod';
import { endpoint } from './endpoint.ts';

/**
 * What a one-time code is good for: `enter` signs in or begins a registration, `step-up` confirms an act that needs the person
 * again, `new-phone` proves a phone that shall replace the present one, `guardian` is a guardian's consent for a minor.
 */
export const CodePurpose = z.enum(['enter', 'step-up', 'new-phone', 'guardian']);
export type CodePurpose = z.infer<typeof CodePurpose>;

/** As people type it: spaces, hyphens, +86 and full-width digits are taken. */
export const PhoneInput = z.string().trim().min(1).max(32);

/** As people type it, full-width digits too; six digits are left of it. */
export const CodeInput = z
  .string()
  .max(16)
  .transform((typed) => typed.normalize('NFKC').replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'six digits'));

export const RequestCode = z
  .strictObject({ phone: PhoneInput, purpose: CodePurpose.exclude(['step-up']) })
  .meta({ id: 'RequestCode' });
export type RequestCode = z.infer<typeof RequestCode>;

/** The same for every phone: it does not tell whether one is registered. */
export const CodeSent = z
  .object({
    validSeconds: z.int(),
    /** When the next one may be asked for. */
    nextAfterSeconds: z.int(),
    /** In the demo on loopback only, where no message is sent: the code itself. */
    demoCode: z.string().optional(),
  })
  .meta({ id: 'CodeSent' });
export type CodeSent = z.infer<typeof CodeSent>;

/** Sends a code of six digits to any phone; 422 `phone-invalid`, 429 `too-many-requests`, 503 `message-not-sent`. */
export const requestCode = endpoint({
  method: 'POST',
  path: '/api/codes',
  body: RequestCode,
  reply: CodeSent,
});
/** Sends one to the signed-in person's own phone, for a step-up; 409 `no-phone` for an account without one. */
export const requestStepUpCode = endpoint({
  method: 'POST',
  path: '/api/session/step-up/code',
  reply: CodeSent,
});
