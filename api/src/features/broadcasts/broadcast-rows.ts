import type { BroadcastCommand } from '@yike/contracts/control/commands';
import type { Broadcast } from '@yike/contracts/http/broadcasts';
import { absentUntilMs, type BroadcastFacts } from '../../domain/broadcast.ts';
import type { BroadcastMirror } from '../lectures/lectures.service.ts';
import type { BroadcastEntity } from './broadcast.entity.ts';

/** Epochs of one placement: `placement * 1000` and up to 999 more. */
const EPOCHS_PER_PLACEMENT = 1_000;

const msOf = (at: Date | null): number | null => at?.getTime() ?? null;
const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** What the state machine decides on. */
export const factsOf = (row: BroadcastEntity): BroadcastFacts => ({
  state: row.state,
  hasPublisher: row.hasPublisher,
  publisherSinceMs: row.publisherSince.getTime(),
  plannedEndMs: row.plannedEnd.getTime(),
  liveSinceMs: msOf(row.liveSince),
  endingAtMs: msOf(row.endingAt),
  trimAtMs: msOf(row.trimAt),
  endedAtMs: msOf(row.endedAt),
  closeReason: row.closeReason,
});

/** The columns that a decision changes. */
export const columnsOf = (facts: BroadcastFacts) => ({
  state: facts.state,
  hasPublisher: facts.hasPublisher,
  publisherSince: new Date(facts.publisherSinceMs),
  liveSince: dateOf(facts.liveSinceMs),
  endingAt: dateOf(facts.endingAtMs),
  trimAt: dateOf(facts.trimAtMs),
  endedAt: dateOf(facts.endedAtMs),
  closeReason: facts.closeReason,
});

/** What the lecture repeats. */
export const mirrorOf = ({ id, state, liveSince, endingAt, viewers }: BroadcastEntity): BroadcastMirror => ({
  broadcastId: id,
  state,
  liveSince,
  endingAt,
  viewers: state === 'ended' ? 0 : viewers,
});

export function broadcastOf(row: BroadcastEntity): Broadcast {
  const { id, recordingId, state, endingAt, viewers } = row;
  return {
    id,
    recordingId,
    state,
    endingAt: endingAt?.toISOString() ?? null,
    absentUntil: dateOf(absentUntilMs(factsOf(row)))?.toISOString() ?? null,
    viewers: state === 'ended' ? 0 : viewers,
  };
}

/** What its media node should do. */
export const wantedOf = (row: BroadcastEntity, timelineZeroAtMs: number | null): BroadcastCommand => ({
  broadcastId: row.id,
  recordingId: row.recordingId,
  state: row.state === 'ended' ? 'closed' : 'open',
  firstEpoch: row.placement * EPOCHS_PER_PLACEMENT,
  timelineZeroAtMs,
  closeReason: row.closeReason,
});
