import { z } from 'zod';
import { AuditEntryId, OrgUnitId, UserId } from '../ids.ts';
import { Role } from './accounts.ts';
import { endpoint, page, PageQuery } from './endpoint.ts';

/** Plain values, with phones and ID numbers hidden. */
const Said = z.json();

/** One act: who did what to whom, why, from where, and what that changed. */
export const AuditEntry = z
  .object({
    /** Counts the entries of the log from 1. */
    seq: z.int().positive(),
    id: AuditEntryId,
    at: z.iso.datetime(),
    /** Null: the house itself. */
    actor: z.object({ id: UserId, displayName: z.string() }).nullable(),
    /** The role that allowed it. */
    actingAs: Role.nullable(),
    /** As the policy names it: `broadcast.stop`. */
    action: z.string(),
    subject: z.object({ kind: z.string(), id: z.string().nullable() }),
    /** Null: of the whole house. */
    orgUnit: z.object({ id: OrgUnitId, name: z.string() }).nullable(),
    before: Said,
    after: Said,
    reason: z.string().nullable(),
    requestId: z.string().nullable(),
    /** The network that it came from: `10.0.0.0/24`. */
    origin: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What is looked for; all of it must fit. */
const filters = {
  actorId: UserId.optional(),
  action: z.string().max(60).optional(),
  subjectId: z.uuid().optional(),
  /** At or below this organisation. */
  under: OrgUnitId.optional(),
  /** From this moment on. */
  from: z.iso.datetime().optional(),
  /** Until just before this moment. */
  to: z.iso.datetime().optional(),
};

/** Newest first; of the organisations where the caller may look. */
export const listAuditEntries = endpoint({
  method: 'GET',
  path: '/api/admin/audit',
  query: PageQuery.extend(filters),
  reply: page(AuditEntry),
});

/** At most so many rows, the newest; a table that is cut off says so in its last line. */
export const MOST_EXPORTED = 20_000;

/** The same as a table (text/csv, UTF-8 with BOM); the export itself stands in the log. 403 `step-up-needed`. */
export const exportAuditEntries = endpoint({
  method: 'GET',
  path: '/api/admin/audit/table.csv',
  query: z.strictObject(filters),
  reply: z.unknown(),
});

/** The names of all acts that are written down, for the filter. */
export const listAuditedActions = endpoint({
  method: 'GET',
  path: '/api/admin/audit/actions',
  reply: z.object({ actions: z.array(z.string()) }),
});
