import type { UserId } from '@yike/contracts/ids';

/** A resident's viewing time over all lineages, in ms. */
export interface ViewingTotals {
  readonly watchedMs: number;
  readonly pendingMs: number;
  /** Counted clock of the Shanghai day. */
  readonly todayMs: number;
}

/** What the bank asks of whoever measures viewing time. The viewing feature provides it. */
export abstract class ViewingTotalsPort {
  abstract totalsOf(userId: UserId): Promise<ViewingTotals>;
}
