import { z } from 'zod';
import { ApprovalId, OrgUnitId, RoleGrantId, UserId } from '../ids.ts';
import { Role } from './accounts.ts';
import { endpoint, page, PageQuery } from './endpoint.ts';

/** Roles that somebody gives; that of a resident comes with the account. */
export const GrantedRole = Role.exclude(['resident']);
export type GrantedRole = z.infer<typeof GrantedRole>;

const Named = z.object({ id: UserId, displayName: z.string() });
const Reason = z.string().trim().min(2).max(200);

/** A role of a person at an organisation and all below it, for a time. */
export const RoleGrant = z
  .object({
    id: RoleGrantId,
    person: Named,
    role: GrantedRole,
    orgUnit: z.object({ id: OrgUnitId, name: z.string() }),
    validFrom: z.iso.datetime(),
    /** Null: without an end. */
    validTo: z.iso.datetime().nullable(),
    /** Null: the set-up gave it. */
    grantedBy: Named.nullable(),
    grantedAt: z.iso.datetime(),
    reason: z.string(),
    /** Taken back before its end. */
    endedAt: z.iso.datetime().nullable(),
    endedBy: Named.nullable(),
  })
  .meta({ id: 'RoleGrant' });
export type RoleGrant = z.infer<typeof RoleGrant>;

export const WantedRole = z
  .strictObject({
    userId: UserId,
    role: GrantedRole,
    orgUnitId: OrgUnitId,
    validTo: z.iso.datetime().nullable(),
    reason: Reason,
  })
  .meta({ id: 'WantedRole' });
export type WantedRole = z.infer<typeof WantedRole>;

/** An act that needs two people: one asks, another with the same right agrees, and then it is done. */
export const Approval = z
  .object({
    id: ApprovalId,
    /** What is to be done: a role is to be given. */
    wanted: z.object({
      person: Named,
      role: GrantedRole,
      orgUnit: z.object({ id: OrgUnitId, name: z.string() }),
      validTo: z.iso.datetime().nullable(),
    }),
    requestedBy: Named,
    requestedAt: z.iso.datetime(),
    reason: z.string(),
    decision: z.enum(['agreed', 'declined']).nullable(),
    decidedBy: Named.nullable(),
    decidedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof Approval>;

/** Newest first; of the organisations where the caller may look. */
export const listRoleGrants = endpoint({
  method: 'GET',
  path: '/api/admin/role-grants',
  query: PageQuery.extend({
    /** At or below this organisation. */
    under: OrgUnitId.optional(),
    role: GrantedRole.optional(),
    userId: UserId.optional(),
    /** `yes`: also those that are over. */
    ended: z.enum(['yes', 'no']).default('no'),
  }),
  reply: page(RoleGrant),
});

/**
 * Gives a role within the caller's own part of the tree, none above their own, and none to themselves. A role that governs people
 * (`administrator`, `platform-administrator`) waits for a second person: `approval` then. 403 `step-up-needed`, `forbidden`.
 */
export const grantRole = endpoint({
  method: 'POST',
  path: '/api/admin/role-grants',
  body: WantedRole,
  reply: z.object({ grant: RoleGrant.nullable(), approval: Approval.nullable() }),
});

/** Takes it back at once, also from the pages that are open. 409 `wrong-state` where it is over. */
export const endRoleGrant = endpoint({
  method: 'POST',
  path: '/api/admin/role-grants/:grantId/end',
  body: z.strictObject({ reason: Reason }),
  reply: RoleGrant,
});

/** Those that wait, oldest first. */
export const listApprovals = endpoint({
  method: 'GET',
  path: '/api/admin/approvals',
  query: PageQuery,
  reply: page(Approval),
});

/** 403 `needs-second-person` for one's own request; 409 `wrong-state` where it is decided. */
export const decideApproval = endpoint({
  method: 'POST',
  path: '/api/admin/approvals/:approvalId/decision',
  body: z.strictObject({ agree: z.boolean(), reason: Reason }),
  reply: Approval,
});
