import { absenceEndsAtMs } from '@yike/contracts/absence';
import { DomainError } from './domain-error.ts';

/** `scheduled`: its room is open, and nobody has published yet. */
export type RunningState = 'scheduled' | 'live' | 'interrupted' | 'ending' | 'ended';

/** All times are unix ms by the server's clock. */
export interface BroadcastFacts {
  readonly state: RunningState;
  readonly hasPublisher: boolean;
  /** When the publisher last came or left; at first the start. */
  readonly publisherSinceMs: number;
  /** Start of the plan plus its length. */
  readonly plannedEndMs: number;
  readonly liveSinceMs: number | null;
  readonly endingAtMs: number | null;
  /** When the end was asked for: the replay ends there. */
  readonly trimAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly closeReason: 'ended' | 'stopped' | null;
}

export type BroadcastCommand =
  /** Events of the media node; `atMs` is when it happened there. They may come late and out of order. */
  | { readonly do: 'publisher-joined'; readonly atMs: number }
  | { readonly do: 'publisher-left'; readonly atMs: number }
  /** The lecturer's. */
  | { readonly do: 'end'; readonly now: boolean }
  | { readonly do: 'undo-end' }
  /** An administrator's. */
  | { readonly do: 'stop' }
  /** Time passed. */
  | { readonly do: 'tick' };

export const UNDO_MS = 30_000;

/** It is over: nothing changes it any more. */
export class BroadcastEnded extends DomainError {
  readonly code = 'broadcast-ended';
}

/** Nothing to undo: it is not ending. */
export class NotEnding extends DomainError {
  readonly code = 'wrong-state';
}

/**
 * What a command makes of a broadcast. A late event or a tick that changes nothing gives the same facts back.
 * @throws BroadcastEnded, NotEnding
 */
export function decide(facts: BroadcastFacts, command: BroadcastCommand, nowMs: number): BroadcastFacts {
  switch (command.do) {
    case 'publisher-joined':
      return publisherChanged(facts, true, command.atMs);
    case 'publisher-left':
      return publisherChanged(facts, false, command.atMs);
    case 'end':
      return end(facts, command.now, nowMs);
    case 'undo-end':
      return undoEnd(facts);
    case 'stop':
      return facts.state === 'ended' ? facts : close(facts, 'stopped', nowMs, facts.trimAtMs ?? nowMs);
    case 'tick':
      return isDue(facts, nowMs) ? close(facts, 'ended', nowMs, facts.trimAtMs) : facts;
  }
}

function publisherChanged(facts: BroadcastFacts, hasPublisher: boolean, atMs: number): BroadcastFacts {
  if (facts.state === 'ended' || atMs < facts.publisherSinceMs) return facts;
  const changed = { ...facts, hasPublisher, publisherSinceMs: atMs };
  const liveSinceMs = facts.liveSinceMs ?? (hasPublisher ? atMs : null);
  const isEnding = facts.state === 'ending';
  return {
    ...changed,
    liveSinceMs,
    state: isEnding ? 'ending' : runningState({ hasPublisher, liveSinceMs }),
  };
}

/** While it ends, publishing and recording go on, so that an undo loses nothing; the replay ends where the end was asked for. */
function end(facts: BroadcastFacts, now: boolean, nowMs: number): BroadcastFacts {
  if (facts.state === 'ended') throw new BroadcastEnded('the broadcast has ended');
  const trimAtMs = facts.state === 'ending' ? facts.trimAtMs : nowMs;
  if (now) return close(facts, 'ended', nowMs, trimAtMs);
  if (facts.state === 'ending') return facts;
  return { ...facts, state: 'ending', endingAtMs: nowMs + UNDO_MS, trimAtMs };
}

function undoEnd(facts: BroadcastFacts): BroadcastFacts {
  if (facts.state === 'ended') throw new BroadcastEnded('the broadcast has ended');
  if (facts.state !== 'ending') throw new NotEnding('the broadcast is not ending');
  return { ...facts, state: runningState(facts), endingAtMs: null, trimAtMs: null };
}

const runningState = (facts: Pick<BroadcastFacts, 'hasPublisher' | 'liveSinceMs'>): RunningState => {
  if (facts.hasPublisher) return 'live';
  return facts.liveSinceMs === null ? 'scheduled' : 'interrupted';
};

const close = (
  facts: BroadcastFacts,
  closeReason: 'ended' | 'stopped',
  nowMs: number,
  trimAtMs: number | null,
): BroadcastFacts => ({
  ...facts,
  state: 'ended',
  endingAtMs: null,
  endedAtMs: nowMs,
  closeReason,
  trimAtMs,
});

/** When it ends unless something changes: its 30 seconds are over, or its lecturer stays away. Null while nothing ends it. */
export function endsAtMs(facts: BroadcastFacts): number | null {
  if (facts.state === 'ended') return null;
  return facts.endingAtMs ?? absentUntilMs(facts);
}

/** When it ends because nobody publishes; null while somebody does. */
export const absentUntilMs = (facts: BroadcastFacts): number | null =>
  facts.hasPublisher || facts.state === 'ended'
    ? null
    : absenceEndsAtMs(facts.publisherSinceMs, facts.plannedEndMs);

const isDue = (facts: BroadcastFacts, nowMs: number): boolean => {
  const atMs = endsAtMs(facts);
  return atMs !== null && nowMs >= atMs;
};
