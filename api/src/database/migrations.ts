import { Accounts1763800000001 } from './migrations/1763800000001-accounts.ts';
import { LecturesAndMedia1763800000002 } from './migrations/1763800000002-lectures-and-media.ts';

/** In the order in which they run; the number in a name is its time, unix ms. */
export const MIGRATIONS = [Accounts1763800000001, LecturesAndMedia1763800000002] as const;
