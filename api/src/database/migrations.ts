import { Accounts1763800000001 } from './migrations/1763800000001-accounts.ts';

/** In the order in which they run; the number in a name is its time, unix ms. */
export const MIGRATIONS = [Accounts1763800000001] as const;
