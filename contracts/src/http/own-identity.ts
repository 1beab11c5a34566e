import { z } from 'zod';
import { OrgUnitId } from '../ids.ts';
import { CodeInput, PhoneInput } from './codes.ts';
import { endpoint, NoContent } from './endpoint.ts';
import { NewPassword } from './registration.ts';

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
