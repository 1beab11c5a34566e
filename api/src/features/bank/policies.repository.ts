import { Injectable } from '@nestjs/common';
import type { CreditPolicy } from '../../domain/accrual.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';

@Injectable()
export class PoliciesRepository {
  /** The policy in force at a moment: the latest that is effective. */
  async inForce(at: Date, tx: Tx): Promise<CreditPolicy> {
    const [policy] = await tx.query<CreditPolicy[]>(
      `SELECT version, seconds_per_class_hour AS "secondsPerClassHour", class_hours_per_credit AS "classHoursPerCredit"
       FROM credit_policies WHERE effective_from <= $1 ORDER BY effective_from DESC, version DESC LIMIT 1`,
      [at],
    );
    if (policy === undefined) throw new Error('no credit policy is in force');
    return policy;
  }
}
