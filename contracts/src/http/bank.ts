import { z } from 'zod';
import { CourseId, LedgerEntryId } from '../ids.ts';
import { Instant } from '../time.ts';
import { endpoint, page, PageQuery } from './endpoint.ts';

export const LedgerAsset = z.enum(['class-time', 'credit']);
export type LedgerAsset = z.infer<typeof LedgerAsset>;
export const LedgerKind = z.enum(['accrue', 'reverse', 'adjust', 'redeem', 'transfer-in', 'transfer-out']);
export type LedgerKind = z.infer<typeof LedgerKind>;

/** The resident's learning account: class time in whole valid seconds, credits in milli-credits. */
export const LearningAccount = z
  .object({
    watchedMs: z.int(),
    pendingMs: z.int(),
    postedSeconds: z.int(),
    milliCredits: z.int(),
    /** From the policy in force. */
    secondsPerClassHour: z.int(),
    classHoursPerCredit: z.number(),
    certificates: z.int(),
    /** Today's counted clock against the daily cap, in seconds. */
    todaySeconds: z.int(),
    dailyCapSeconds: z.int(),
  })
  .meta({ id: 'LearningAccount' });
export type LearningAccount = z.infer<typeof LearningAccount>;

export const StatementEntry = z
  .object({
    id: LedgerEntryId,
    asset: LedgerAsset,
    kind: LedgerKind,
    /** Signed: plus into the resident's account. Seconds or milli-credits. */
    amount: z.int(),
    balanceAfter: z.int(),
    bookedAt: Instant,
    title: z.string(),
    courseId: CourseId.nullable(),
    policyVersion: z.int(),
    /** The entry's hash in the resident's chain, hex. */
    hash: z.string(),
  })
  .meta({ id: 'StatementEntry' });
export type StatementEntry = z.infer<typeof StatementEntry>;

export const getLearningAccount = endpoint({
  method: 'GET',
  path: '/api/me/account',
  reply: LearningAccount,
});
/** Latest first. */
export const listStatement = endpoint({
  method: 'GET',
  path: '/api/me/statement',
  query: PageQuery,
  reply: page(StatementEntry),
});

export const LedgerAudit = z
  .object({
    /** Sum of each asset over all accounts: zero at every moment. */
    sums: z.array(
      z.object({ asset: LedgerAsset, accounts: z.int(), entries: z.int(), sum: z.int(), issued: z.int() }),
    ),
    chain: z.object({ verified: z.boolean(), checkedEntries: z.int(), brokenAt: LedgerEntryId.nullable() }),
  })
  .meta({ id: 'LedgerAudit' });
export type LedgerAudit = z.infer<typeof LedgerAudit>;
/** Administrators only. */
export const auditLedger = endpoint({ method: 'GET', path: '/api/admin/ledger', reply: LedgerAudit });
