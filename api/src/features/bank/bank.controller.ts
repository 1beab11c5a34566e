import { Controller } from '@nestjs/common';
import {
  auditLedger,
  getLearningAccount,
  type LearningAccount,
  type LedgerAudit,
  listStatement,
} from '@yike/contracts/http/bank';
import { type QueryIn, QueryOf, type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { AccountService } from './account.service.ts';
import { LedgerService } from './ledger.service.ts';

@Controller()
export class BankController {
  constructor(
    private readonly accounts: AccountService,
    private readonly ledger: LedgerService,
  ) {}

  @Serves(getLearningAccount)
  @Does('learning-account.read')
  getLearningAccount(@CurrentUser() user: SignedInUser): Promise<LearningAccount> {
    return this.accounts.of(user.id);
  }

  @Serves(listStatement)
  @Does('learning-account.list-statement')
  listStatement(
    @QueryOf(listStatement) query: QueryIn<typeof listStatement>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof listStatement>> {
    return this.accounts.statement(user.id, query);
  }

  @Serves(auditLedger)
  @Does('ledger.check')
  auditLedger(): Promise<LedgerAudit> {
    return this.ledger.audit();
  }
}
