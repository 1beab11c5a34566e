import { Module } from '@nestjs/common';
import { CertificatesModule } from '../certificates/certificates.module.ts';
import { LibraryModule } from '../library/library.module.ts';
import { AccountService } from './account.service.ts';
import { BankController } from './bank.controller.ts';
import { CompletionsRepository } from './completions.repository.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { LedgerService } from './ledger.service.ts';
import { PoliciesRepository } from './policies.repository.ts';
import { PostingService } from './posting.service.ts';

/** The learning bank: completions, policies and the ledger. */
@Module({
  imports: [LibraryModule, CertificatesModule],
  controllers: [BankController],
  providers: [
    AccountService,
    LedgerService,
    PostingService,
    LedgerRepository,
    PoliciesRepository,
    CompletionsRepository,
  ],
  exports: [AccountService, LedgerService, PostingService],
})
export class BankModule {}
