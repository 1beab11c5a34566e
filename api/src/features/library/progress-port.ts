import type { UnitId, UserId } from '@yike/contracts/ids';
import type { IntervalSet } from '../../domain/intervals.ts';
import type { UnitFacts } from './library.service.ts';

/** How far a resident came in one unit, and what its completion asks and grants. */
export interface UnitProgress {
  /** What was really played, in timeline ms, within the unit's cut. */
  readonly watched: IntervalSet;
  /** The length of the media that must be watched, less what may lack. */
  readonly requiredMs: number;
  readonly grantsSeconds: number;
  readonly completed: boolean;
  /** On the unit's own clock. */
  readonly resumeAtMs: number;
}

/** What the library asks of whoever measures viewing time. The viewing feature provides it. */
export abstract class ProgressPort {
  /** One for each unit. Without a user: nothing watched, and what the policy asks and grants. */
  abstract progressOf(
    userId: UserId | null,
    units: readonly UnitFacts[],
  ): Promise<ReadonlyMap<UnitId, UnitProgress>>;

  /** Units begun and not completed, latest first. */
  abstract begunUnits(userId: UserId, limit: number): Promise<UnitId[]>;
}
