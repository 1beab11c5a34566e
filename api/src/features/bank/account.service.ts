import { Injectable } from '@nestjs/common';
import type { LearningAccount, StatementEntry } from '@yike/contracts/http/bank';
import { LedgerEntryId } from '@yike/contracts/ids';
import type { CourseId, LineageId, UnitId, UserId } from '@yike/contracts/ids';
import type { CreditPolicy } from '../../domain/accrual.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { InvalidRequest } from '../../platform/problems/problems.ts';
import { CertificatesService } from '../certificates/certificates.service.ts';
import { CompletionsRepository } from './completions.repository.ts';
import { type BookedLeg, LedgerRepository } from './ledger.repository.ts';
import { PoliciesRepository } from './policies.repository.ts';
import type { UserUnit } from './user-unit.ts';
import { ViewingTotalsPort } from './viewing-totals.ts';

/** What residents see of their account, and other features of what was posted. */
@Injectable()
export class AccountService {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly completions: CompletionsRepository,
    private readonly policies: PoliciesRepository,
    private readonly certificates: CertificatesService,
    private readonly viewing: ViewingTotalsPort,
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async of(userId: UserId): Promise<LearningAccount> {
    const tx = this.unitOfWork.reader;
    const [balances, policy, totals, certificates] = await Promise.all([
      this.ledger.balances(userId, tx),
      this.policy(tx),
      this.viewing.totalsOf(userId),
      this.certificates.countOf(userId),
    ]);
    return {
      watchedMs: totals.watchedMs,
      pendingMs: totals.pendingMs,
      postedSeconds: balances.get('class-time') ?? 0,
      milliCredits: balances.get('credit') ?? 0,
      secondsPerClassHour: policy.secondsPerClassHour,
      classHoursPerCredit: policy.classHoursPerCredit,
      certificates,
      todaySeconds: Math.floor(totals.todayMs / 1000),
      dailyCapSeconds: VIEWING.dailyCapMs / 1000,
    };
  }

  /** @throws InvalidRequest for a cursor that is none */
  async statement(
    userId: UserId,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: StatementEntry[]; nextCursor: string | null }> {
    const before = LedgerEntryId.nullable().safeParse(cursor ?? null);
    if (!before.success) throw new InvalidRequest('this cursor does not come from this list');
    const booked = await this.ledger.statement(userId, before.data, limit + 1, this.unitOfWork.reader);
    const items = booked.slice(0, limit).map(statementEntry);
    return { items, nextCursor: booked.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  policy(tx: Tx = this.unitOfWork.reader): Promise<CreditPolicy> {
    return this.policies.inForce(this.clock.now(), tx);
  }

  /** Seconds that lineages have posted to residents, in the order of the pairs. */
  postedToPairs(pairs: readonly { userId: UserId; lineageId: LineageId }[]): Promise<number[]> {
    return this.ledger.postedToPairs(pairs, this.unitOfWork.reader);
  }

  /** Seconds that a lineage has posted, to each resident. */
  postedOf(lineageId: LineageId): Promise<Map<UserId, number>> {
    return this.ledger.postedOf(lineageId, this.unitOfWork.reader);
  }

  completedOf(userId: UserId, unitIds: readonly UnitId[]): Promise<Set<UnitId>> {
    return this.completions.completedOf(userId, unitIds, this.unitOfWork.reader);
  }

  /** Of these residents and units, which are completed: by {@link userUnitKey}. */
  completedPairs(pairs: readonly UserUnit[], tx: Tx = this.unitOfWork.reader): Promise<Set<string>> {
    return this.completions.completedPairs(pairs, tx);
  }

  completedBy(lineageId: LineageId): Promise<Set<UserId>> {
    return this.completions.completedBy(lineageId, this.unitOfWork.reader);
  }
}

function statementEntry({ leg, entry }: BookedLeg): StatementEntry {
  const evidence = entry.evidence as { title?: string; courseId?: CourseId }; // Written by PostingService alone.
  return {
    id: entry.id as LedgerEntryId, // The database's key.
    asset: entry.asset,
    kind: entry.kind,
    amount: leg.delta,
    balanceAfter: leg.balanceAfter,
    bookedAt: new Date(entry.bookedAtMs).toISOString(),
    title: evidence.title ?? '',
    courseId: evidence.courseId ?? null,
    policyVersion: entry.policyVersion,
    hash: leg.hash,
  };
}
