import { Injectable } from '@nestjs/common';
import type { CourseId, LineageId, UnitId, UserId } from '@yike/contracts/ids';
import { accrueMilliCredits, accrueSeconds, type CreditPolicy } from '../../domain/accrual.ts';
import { completesUnit, type CoverageSets, requiredMs, validMs } from '../../domain/completion.ts';
import { type IntervalSet, lengthMs, union } from '../../domain/intervals.ts';
import { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { CertificatesService } from '../certificates/certificates.service.ts';
import { LibraryService, type UnitFacts } from '../library/library.service.ts';
import { CompletionsRepository } from './completions.repository.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { LedgerService } from './ledger.service.ts';
import { PoliciesRepository } from './policies.repository.ts';

/** One resident's coverage of one lineage, and the units that show it. */
export interface PostingFacts {
  readonly userId: UserId;
  readonly lineageId: LineageId;
  readonly coverage: CoverageSets;
  readonly units: readonly UnitFacts[];
}

/** Completion, posting and certificate. Everything happens in the caller's transaction, and happens once. */
@Injectable()
export class PostingService {
  constructor(
    private readonly completions: CompletionsRepository,
    private readonly policies: PoliciesRepository,
    private readonly ledger: LedgerService,
    private readonly entries: LedgerRepository,
    private readonly certificates: CertificatesService,
    private readonly library: LibraryService,
    private readonly clock: Clock,
  ) {}

  /** The caller holds the resident's lease row, so that two of these never run at once for one resident. */
  async evaluate(facts: PostingFacts, tx: Tx): Promise<void> {
    const { userId, units } = facts;
    const before = await this.completions.completedOf(
      userId,
      units.map(({ unitId }) => unitId),
      tx,
    );
    const fresh = units.filter((unit) => !before.has(unit.unitId) && completesUnit(facts.coverage, unit));
    const completed = units.filter((unit) => before.has(unit.unitId) || fresh.includes(unit));
    if (completed.length === 0) return;
    const policy = await this.policies.inForce(this.clock.now(), tx);
    for (const unit of fresh) await this.complete(unit, facts, policy, tx);
    await this.post(facts, completed, policy, tx);
    for (const courseId of new Set(fresh.map((unit) => unit.courseId))) {
      await this.certify(userId, courseId, tx);
    }
  }

  private async complete(unit: UnitFacts, { userId, coverage }: PostingFacts, policy: CreditPolicy, tx: Tx) {
    const { unitId, lineageId, cut, recorded } = unit;
    await this.completions.insert(
      {
        ...{ userId, unitId, lineageId, policyVersion: policy.version },
        validMs: validMs(coverage, cut, recorded),
        requiredMs: requiredMs(cut, recorded),
        completedAt: this.clock.now(),
      },
      tx,
    );
  }

  private async post(
    { userId, lineageId }: PostingFacts,
    completed: readonly UnitFacts[],
    policy: CreditPolicy,
    tx: Tx,
  ): Promise<void> {
    const ranges = completed.map(({ recorded }) => recorded);
    const postedSeconds = await this.entries.postedSeconds(userId, lineageId, tx);
    const recorded = ranges.reduce<IntervalSet>(union, []);
    const seconds = accrueSeconds({ completedUnits: ranges, recorded, postedSeconds });
    const [latest] = completed.slice(-1);
    if (seconds === 0 || latest === undefined) return;
    const source = {
      courseId: latest.courseId,
      title: latest.courseTitle,
      unitIds: completed.map(({ unitId }) => unitId),
    };
    const common = { userId, kind: 'accrue', policyVersion: policy.version } as const;
    await this.ledger.book(
      {
        ...common,
        asset: 'class-time',
        amount: seconds,
        idempotencyKey: `accrue:class-time:${userId}:${lineageId}:${postedSeconds + seconds}`,
        evidence: { ...source, lineageId },
      },
      tx,
    );
    const accruedSeconds = await this.entries.accruedUnder(userId, 'class-time', policy.version, tx);
    const postedMilliCredits = await this.entries.accruedUnder(userId, 'credit', policy.version, tx);
    const milliCredits = accrueMilliCredits({ accruedSeconds, postedMilliCredits }, policy);
    if (milliCredits === 0) return;
    await this.ledger.book(
      {
        ...common,
        asset: 'credit',
        amount: milliCredits,
        idempotencyKey: `accrue:credit:${userId}:v${policy.version}:${postedMilliCredits + milliCredits}`,
        evidence: { ...source, accruedSeconds },
      },
      tx,
    );
  }

  /** A course's certificate, once all of its units are completed. */
  private async certify(userId: UserId, courseId: CourseId, tx: Tx): Promise<void> {
    const units = await this.library.unitsOfCourses([courseId], tx);
    const [first] = units;
    if (first?.givesCertificate !== true) return;
    const ids = units.map(({ unitId }): UnitId => unitId);
    const completed = await this.completions.completedOf(userId, ids, tx);
    if (completed.size < ids.length) return;
    const seconds = Math.floor(units.reduce((sumMs, { recorded }) => sumMs + lengthMs(recorded), 0) / 1000);
    const { courseTitle, place } = first;
    await this.certificates.issue({ userId, courseId, courseTitle, place, seconds }, tx);
  }
}
