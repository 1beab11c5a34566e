import type { UnitId, UserId } from '@yike/contracts/ids';

/** A resident and a unit that they may have completed. */
export interface UserUnit {
  readonly userId: UserId;
  readonly unitId: UnitId;
}

export const userUnitKey = ({ userId, unitId }: UserUnit): string => `${userId} ${unitId}`;
