import { createHash } from 'node:crypto';
import type { HashText } from '../../domain/audit/entry.ts';
import { type AuditFault, type ChainCheck, verifyChain } from '../../domain/audit/verify.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import type { AuditRepository } from './audit.repository.ts';

export const sha256: HashText = (text) => createHash('sha256').update(text, 'utf8').digest('hex');

const FAULTS: Readonly<Record<AuditFault, string>> = {
  gap: 'an entry before it is gone',
  cut: 'it does not follow the one before it',
  changed: 'it is not what was written',
};

/** Follows the whole log, and says in one line how it stands. */
export async function verifyLog(
  log: Pick<AuditRepository, 'all'>,
  tx: Tx,
): Promise<{ isIntact: boolean; words: string }> {
  const check = await verifyChain(log.all(tx), sha256);
  return { isIntact: check.intact, words: wordsOf(check) };
}

function wordsOf(check: ChainCheck): string {
  if (!check.intact) return `audit log: BROKEN at entry ${check.seq}: ${FAULTS[check.fault]}`;
  return `audit log: ${check.entries} entries, all as they were written; the last is ${check.head.hash}`;
}
