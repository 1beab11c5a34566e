import type { VerdictReason, VerdictSum, ViewingSession } from '@yike/contracts/http/viewing';

/** Milliseconds of a session that counted. */
export function countedMs({ sums }: Pick<ViewingSession, 'sums'>): number {
  return sums.reduce((total, { reason, ms }) => (reason === 'counted' ? total + ms : total), 0);
}

/** What counted first, what waits next, then what was refused, most first; nothing of 0. */
export function inReadingOrder(sums: readonly VerdictSum[]): VerdictSum[] {
  const rank = (reason: VerdictReason) => (reason === 'counted' ? 0 : reason === 'pending' ? 1 : 2);
  return sums
    .filter(({ ms }) => ms > 0)
    .sort((one, other) => rank(one.reason) - rank(other.reason) || other.ms - one.ms);
}

/** What was refused: neither counted nor waiting. */
export function refused(sums: readonly VerdictSum[]): VerdictSum[] {
  return inReadingOrder(sums).filter(({ reason }) => reason !== 'counted' && reason !== 'pending');
}
