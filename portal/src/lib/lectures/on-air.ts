import { resolve } from '$app/paths';
import type { BroadcastState } from '@yike/contracts/http/lectures';

/** Whether one may enter the live room: also while the lecturer is away for a moment. */
export function isOnAir(state: BroadcastState): boolean {
  return state === 'live' || state === 'interrupted' || state === 'ending';
}

export function liveRoomOf(lectureId: string): string {
  return resolve(`live/${lectureId}`);
}
