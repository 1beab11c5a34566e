import { z } from 'zod';

/**
 * Every code that a problem may carry, with its HTTP status. The portal switches on the code and shows words of its
 * own; codes are stable, titles are not. Source of the shape: RFC 9457.
 */
export const PROBLEM_STATUS = {
  'invalid-request': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  'token-invalid': 401,
  'signature-invalid': 401,
  forbidden: 403,
  'wrong-origin': 403,
  'step-up-needed': 403,
  'needs-second-person': 403,
  'not-found': 404,
  conflict: 409,
  'lecture-not-editable': 409,
  'broadcast-not-live': 409,
  'broadcast-already-live': 409,
  'broadcast-ended': 409,
  'already-publishing': 409,
  'wrong-state': 409,
  'stale-epoch': 409,
  'not-published': 409,
  'playback-closed': 409,
  'lease-lost': 409,
  'no-phone': 409,
  'phone-taken': 409,
  'document-taken': 409,
  'is-guardian': 409,
  'organisation-level-unfit': 409,
  'organisation-name-taken': 409,
  'organisation-code-taken': 409,
  'organisation-itself': 409,
  'organisation-not-empty': 409,
  'organisation-closed': 409,
  'organisations-changed': 409,
  'payload-too-large': 413,
  'codec-not-supported': 422,
  'sheet-unreadable': 422,
  'phone-invalid': 422,
  'document-invalid': 422,
  'name-invalid': 422,
  'code-wrong': 422,
  'code-spent': 422,
  'phone-proof-spent': 422,
  'consent-missing': 422,
  'guardian-needed': 422,
  'guardian-unknown': 422,
  'too-many-requests': 429,
  internal: 500,
  'service-unavailable': 503,
  'node-full': 503,
  'transcoder-full': 503,
  'message-not-sent': 503,
  'no-media-node': 503,
  'storage-full': 507,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;
const codes = Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]];
export const ProblemCode = z.enum(codes);

/** application/problem+json. `detail` is for engineers; `issues` name the fields that were refused and what to do. */
export const Problem = z.object({
  type: z.literal('about:blank').default('about:blank'),
  code: ProblemCode,
  status: z.int(),
  title: z.string(),
  detail: z.string().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  retryAfterSeconds: z.int().optional(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Builds a problem; the status follows from the code. */
export function problem(code: ProblemCode, detail?: string, more: Partial<Problem> = {}): Problem {
  return {
    type: 'about:blank',
    code,
    status: PROBLEM_STATUS[code],
    title: code.replaceAll('-', ' '),
    ...(detail === undefined ? {} : { detail }),
    ...more,
  };
}
