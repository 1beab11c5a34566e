import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { LedgerAsset, LedgerAudit, LedgerKind } from '@yike/contracts/http/bank';
import { LedgerEntryId } from '@yike/contracts/ids';
import type { AccountId, UserId } from '@yike/contracts/ids';
import type { Canonical } from '../../domain/canonical-json.ts';
import {
  chainLeg,
  findBreak,
  GENESIS,
  headOf,
  type ChainHead,
  type LedgerEntry,
  legsOf,
} from '../../domain/ledger.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import { LedgerRepository } from './ledger.repository.ts';

/** What is to be booked into a resident's account. */
export interface Booking {
  readonly userId: UserId;
  readonly asset: LedgerAsset;
  readonly kind: Extract<LedgerKind, 'accrue'>;
  readonly amount: number;
  readonly policyVersion: number;
  readonly idempotencyKey: string;
  readonly evidence: Readonly<Record<string, Canonical>>;
}

const AUDIT_BATCH = 2_000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Books entries and proves that they were not touched. */
@Injectable()
export class LedgerService {
  readonly #issuers = new Map<LedgerAsset, AccountId[]>();

  constructor(
    private readonly ledger: LedgerRepository,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Moves an amount from the issuer to a resident, in the caller's transaction. Null when this deed was booked before. */
  async book(booking: Booking, tx: Tx): Promise<LedgerEntry | null> {
    const { userId, asset, kind, amount, policyVersion, idempotencyKey, evidence } = booking;
    const accountId = await this.ledger.residentAccount(userId, asset, tx);
    await this.ledger.lock(accountId, tx);
    if (await this.ledger.isBooked(idempotencyKey, tx)) return null;
    const id = this.ids.next(LedgerEntryId);
    const entry: LedgerEntry = {
      ...{ id, asset, kind, amount, policyVersion, idempotencyKey, evidence },
      fromAccountId: await this.issuerFor(accountId, asset, tx),
      toAccountId: accountId,
      bookedAtMs: this.clock.nowMs(),
    };
    const [issued, received] = legsOf(entry);
    const chained = chainLeg(received, entry, await this.ledger.head(accountId, tx), sha256);
    await this.ledger.insert(entry, [issued, chained], tx);
    return entry;
  }

  /** Sums every account and follows every chain, in batches of one snapshot each account. */
  async audit(): Promise<LedgerAudit> {
    const tx = this.unitOfWork.reader;
    const sums = await this.ledger.sums(tx);
    const chain = await this.verifyChains(tx);
    return { sums, chain };
  }

  private async verifyChains(tx: Tx): Promise<LedgerAudit['chain']> {
    let checkedEntries = 0;
    let after: { accountId: string; position: number } | null = null;
    let head: ChainHead = GENESIS;
    for (;;) {
      const batch = await this.ledger.chains(after, AUDIT_BATCH, tx);
      for (const booked of batch) {
        if (booked.leg.accountId !== after?.accountId) head = GENESIS;
        const brokenAt = findBreak([booked], sha256, head);
        if (brokenAt !== null)
          return { verified: false, checkedEntries, brokenAt: brokenAt as LedgerEntryId };
        checkedEntries += 1;
        head = headOf(booked.leg);
        after = booked.leg;
      }
      if (batch.length < AUDIT_BATCH) break;
    }
    const unchained = await this.ledger.unchained(tx);
    return { verified: unchained === null, checkedEntries, brokenAt: unchained as LedgerEntryId | null };
  }

  private async issuerFor(accountId: AccountId, asset: LedgerAsset, tx: Tx): Promise<AccountId> {
    const issuers = this.#issuers.get(asset) ?? (await this.ledger.issuerAccounts(asset, tx));
    this.#issuers.set(asset, issuers);
    const shard = Number.parseInt(accountId.slice(-8), 16) % issuers.length;
    const issuer = issuers[shard];
    if (issuer === undefined) throw new Error('there is no issuer account');
    return issuer;
  }
}
