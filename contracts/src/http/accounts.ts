import { z } from 'zod';
import { OrgUnitId, UserId } from '../ids.ts';
import { endpoint, NoContent } from './endpoint.ts';

/** Everyone with an account is a resident; the other roles are granted at an organisation, for it and all below it. */
export const Role = z.enum([
  'resident',
  'lecturer',
  'tutor',
  'curator',
  'administrator',
  'auditor',
  'platform-administrator',
]);
export type Role = z.infer<typeof Role>;
export const Locale = z.enum(['zh-CN', 'en']);
export type Locale = z.infer<typeof Locale>;

/** A role that the signed-in person has now, and where. */
export const OwnGrant = z
  .object({
    role: Role,
    orgUnitId: OrgUnitId,
    orgUnitName: z.string(),
    /** Null: without an end. */
    validTo: z.iso.datetime().nullable(),
  })
  .meta({ id: 'OwnGrant' });
export type OwnGrant = z.infer<typeof OwnGrant>;

/** The signed-in person as the portal shows them. */
export const Me = z
  .object({
    id: UserId,
    displayName: z.string(),
    /** `resident`, and those of the grants. */
    roles: z.array(Role),
    grants: z.array(OwnGrant),
    locale: Locale,
    elderMode: z.boolean(),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

export const SignIn = z
  .strictObject({ username: z.string().trim().min(1).max(64), password: z.string().min(1).max(256) })
  .meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof SignIn>;

export const Preferences = z.strictObject({ locale: Locale.optional(), elderMode: z.boolean().optional() });
export type Preferences = z.infer<typeof Preferences>;

/** Sets the session cookie; 401 `wrong-credentials` never tells which half was wrong; 429 after too many tries. */
export const signIn = endpoint({ method: 'POST', path: '/api/session', body: SignIn, reply: Me });
/** Ends the session and clears the cookie. */
export const signOut = endpoint({ method: 'DELETE', path: '/api/session', reply: NoContent });
/** Null without a session: a page asks this before it knows. */
export const getMe = endpoint({ method: 'GET', path: '/api/me', reply: z.object({ me: Me.nullable() }) });
export const updatePreferences = endpoint({ method: 'PATCH', path: '/api/me', body: Preferences, reply: Me });
/** In the demo on loopback only: the accounts to try, shown on the sign-in page. Empty elsewhere. */
export const getDemoAccounts = endpoint({
  method: 'GET',
  path: '/api/demo-accounts',
  reply: z.object({
    accounts: z.array(z.object({ username: z.string(), password: z.string(), role: Role })),
  }),
});
