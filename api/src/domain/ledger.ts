import type { LedgerAsset, LedgerKind } from '@yike/contracts/http/bank';
import { type Canonical, canonicalJson } from './canonical-json.ts';

/** One movement of one asset from one account to another. `amount` is above zero: whole seconds, or milli-credits. */
export interface LedgerEntry {
  readonly id: string;
  readonly asset: LedgerAsset;
  readonly kind: LedgerKind;
  readonly fromAccountId: string;
  readonly toAccountId: string;
  readonly amount: number;
  readonly bookedAtMs: number;
  readonly policyVersion: number;
  /** Names the deed: the same deed is booked once, whoever tries. */
  readonly idempotencyKey: string;
  /** What it rests on: course, coverage, policy. */
  readonly evidence: Canonical;
}

/** One side of an entry in one account. */
export interface LedgerLeg {
  readonly entryId: string;
  readonly accountId: string;
  readonly delta: number;
}

/** A resident's account as its last leg left it. */
export interface ChainHead {
  /** Counts the account's legs from 1; 0 before any. */
  readonly position: number;
  readonly balance: number;
  readonly hash: string;
}

/** A leg in a resident's account: it names the one before by its hash. */
export interface ChainedLeg extends LedgerLeg {
  readonly position: number;
  readonly balanceAfter: number;
  readonly prevHash: string;
  readonly hash: string;
}

/** SHA-256 of a text's UTF-8, in hex; given by the shell. */
export type HashText = (text: string) => string;

export const GENESIS: ChainHead = { position: 0, balance: 0, hash: '0'.repeat(64) };

/** Both sides of an entry: their sum is zero. @throws RangeError for an amount that is no whole number above zero */
export function legsOf(entry: LedgerEntry): readonly [LedgerLeg, LedgerLeg] {
  if (!Number.isSafeInteger(entry.amount) || entry.amount <= 0) {
    throw new RangeError(`an entry moves a whole amount above zero, not ${entry.amount}`);
  }
  return [
    { entryId: entry.id, accountId: entry.fromAccountId, delta: -entry.amount },
    { entryId: entry.id, accountId: entry.toAccountId, delta: entry.amount },
  ];
}

/** Appends a leg to its account's chain. */
export function chainLeg(leg: LedgerLeg, entry: LedgerEntry, head: ChainHead, hash: HashText): ChainedLeg {
  const linked = {
    ...leg,
    position: head.position + 1,
    balanceAfter: head.balance + leg.delta,
    prevHash: head.hash,
  };
  return { ...linked, hash: hash(canonicalJson(sealed(linked, entry))) };
}

export const headOf = ({ position, balanceAfter, hash }: ChainedLeg): ChainHead => ({
  position,
  balance: balanceAfter,
  hash,
});

/** Goes along an account's chain from its beginning; gives the id of the first entry that was changed, moved, added or removed, else null. */
export function findBreak(
  chain: Iterable<{ leg: ChainedLeg; entry: LedgerEntry }>,
  hash: HashText,
  from: ChainHead = GENESIS,
): string | null {
  let head = from;
  for (const { leg, entry } of chain) {
    const { entryId, accountId, delta } = leg;
    const expected = chainLeg({ entryId, accountId, delta }, entry, head, hash);
    const isSame =
      leg.hash === expected.hash &&
      leg.prevHash === expected.prevHash &&
      leg.position === expected.position &&
      leg.balanceAfter === expected.balanceAfter &&
      legsOf(entry).some((side) => side.accountId === accountId && side.delta === delta);
    if (!isSame) return entry.id;
    head = headOf(leg);
  }
  return null;
}

/** Everything that the hash protects: the leg, the whole entry, and the hash before it. */
function sealed(leg: Omit<ChainedLeg, 'hash'>, entry: LedgerEntry): Canonical {
  return { leg: { ...leg }, entry: { ...entry } };
}
