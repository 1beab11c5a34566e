import { Module } from '@nestjs/common';
import { BankModule } from '../bank/bank.module.ts';
import { FiguresRepository } from './figures.repository.ts';
import { LedgerWatch } from './ledger-watch.ts';
import { OperatorFigures } from './operator-figures.ts';

/** What the operator sees of the product as a whole. */
@Module({ imports: [BankModule], providers: [FiguresRepository, OperatorFigures, LedgerWatch] })
export class OperationsModule {}
