import { z } from 'zod';
import { CodeInput } from './codes.ts';
import { endpoint, NoContent } from './endpoint.ts';

/** One browser in which the person is signed in. */
export const OwnSession = z
  .object({
    id: z.uuidv7(),
    /** `WeChat · Android`; empty where the browser did not say. */
    label: z.string(),
    isThisOne: z.boolean(),
    signedInAt: z.iso.datetime(),
    /** To the day, or nearer. */
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'OwnSession' });
export type OwnSession = z.infer<typeof OwnSession>;

/** Where one is signed in; the present browser first, then by the last use. */
export const listSessions = endpoint({
  method: 'GET',
  path: '/api/me/sessions',
  reply: z.object({ items: z.array(OwnSession) }),
});
/** Ends one of one's own; 404 for another person's. */
export const endSession = endpoint({
  method: 'DELETE',
  path: '/api/me/sessions/:sessionId',
  reply: NoContent,
});
/** Ends all but the present one. */
export const endOtherSessions = endpoint({
  method: 'DELETE',
  path: '/api/me/sessions',
  reply: NoContent,
});

/** The code that was sent to one's own phone, or the password. */
export const StepUp = z
  .union([z.strictObject({ code: CodeInput }), z.strictObject({ password: z.string().min(1).max(256) })])
  .meta({ id: 'StepUp' });
export type StepUp = z.infer<typeof StepUp>;

/** Shows again who one is; what needs it is open for ten minutes then. 422 `code-wrong`, `code-spent`; 401 `wrong-credentials`. */
export const stepUp = endpoint({
  method: 'POST',
  path: '/api/session/step-up',
  body: StepUp,
  reply: z.object({ validSeconds: z.int() }),
});
