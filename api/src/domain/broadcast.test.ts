import { ABSENT_AFTER_PLAN_MS, ABSENT_MS } from '@yike/contracts/absence';
import { describe, expect, it } from 'vitest';
import {
  type BroadcastCommand,
  BroadcastEnded,
  type BroadcastFacts,
  decide,
  endsAtMs,
  NotEnding,
  UNDO_MS,
} from './broadcast.ts';

const START = 1_000_000;
const PLANNED_END = START + 60 * 60_000;

const opened: BroadcastFacts = {
  state: 'scheduled',
  hasPublisher: false,
  publisherSinceMs: START,
  plannedEndMs: PLANNED_END,
  liveSinceMs: null,
  endingAtMs: null,
  trimAtMs: null,
  endedAtMs: null,
  closeReason: null,
};

/** Commands one after the other, each at its time after the start. */
const after = (...steps: [atMs: number, command: BroadcastCommand][]): BroadcastFacts =>
  steps.reduce((facts, [atMs, command]) => decide(facts, command, START + atMs), opened);
const joined = (atMs: number): BroadcastCommand => ({ do: 'publisher-joined', atMs: START + atMs });
const left = (atMs: number): BroadcastCommand => ({ do: 'publisher-left', atMs: START + atMs });
const tick: BroadcastCommand = { do: 'tick' };
const end: BroadcastCommand = { do: 'end', now: false };

describe('publishing', () => {
  it('is live with the first publisher, interrupted without, live again', () => {
    expect(after([10, joined(10)])).toMatchObject({ state: 'live', liveSinceMs: START + 10 });
    expect(after([10, joined(10)], [20, left(20)])).toMatchObject({ state: 'interrupted' });
    expect(after([10, joined(10)], [20, left(20)], [30, joined(30)])).toMatchObject({
      state: 'live',
      liveSinceMs: START + 10,
    });
  });

  it('ignores an event that is older than what is known', () => {
    expect(after([30, joined(30)], [31, left(20)])).toMatchObject({ state: 'live', hasPublisher: true });
  });
});

describe('the end', () => {
  it('comes 30 s after it was asked for, and the replay ends where it was asked for', () => {
    const ending = after([0, joined(0)], [5_000, end]);
    expect(ending).toMatchObject({
      state: 'ending',
      endingAtMs: START + 5_000 + UNDO_MS,
      trimAtMs: START + 5_000,
    });
    expect(decide(ending, tick, START + 5_000 + UNDO_MS - 1)).toBe(ending);
    expect(decide(ending, tick, START + 5_000 + UNDO_MS)).toMatchObject({
      state: 'ended',
      closeReason: 'ended',
      trimAtMs: START + 5_000,
    });
  });

  it('can be undone until then, and leaves no trace', () => {
    const live = after([0, joined(0)]);
    const undone = after([0, joined(0)], [5_000, end], [6_000, { do: 'undo-end' }]);
    expect(undone).toEqual(live);
    expect(after([0, joined(0)], [5, end], [6, left(6)], [7, { do: 'undo-end' }]).state).toBe('interrupted');
  });

  it('comes at once when asked for, and keeps the first moment of asking', () => {
    const steps: [number, BroadcastCommand][] = [
      [0, joined(0)],
      [5_000, end],
      [9_000, { do: 'end', now: true }],
    ];
    expect(after(...steps)).toMatchObject({
      state: 'ended',
      endedAtMs: START + 9_000,
      trimAtMs: START + 5_000,
    });
  });

  it('asked for twice changes nothing', () => {
    const ending = after([0, joined(0)], [5_000, end]);
    expect(decide(ending, end, START + 8_000)).toBe(ending);
  });

  it('stays while the publisher goes and comes', () => {
    expect(after([0, joined(0)], [5, end], [6, left(6)], [7, joined(7)])).toMatchObject({ state: 'ending' });
  });

  it('is final', () => {
    const ended = after([0, joined(0)], [5, { do: 'stop' }]);
    expect(ended).toMatchObject({ state: 'ended', closeReason: 'stopped', trimAtMs: START + 5 });
    expect(decide(ended, joined(9), START + 9)).toBe(ended);
    expect(decide(ended, { do: 'stop' }, START + 9)).toBe(ended);
    expect(decide(ended, tick, START + 10 ** 9)).toBe(ended);
    expect(() => decide(ended, end, START + 9)).toThrow(BroadcastEnded);
    expect(() => decide(ended, { do: 'undo-end' }, START + 9)).toThrow(BroadcastEnded);
  });

  it('that was not asked for cannot be undone', () => {
    expect(() => after([0, joined(0)], [1, { do: 'undo-end' }])).toThrow(NotEnding);
  });
});

describe('without a publisher', () => {
  const LATE = 60 * 60_000;
  it.each([
    { name: 'nobody came for just under 30 minutes', steps: [], atMs: ABSENT_MS - 1, state: 'scheduled' },
    { name: 'nobody came for 30 minutes', steps: [], atMs: ABSENT_MS, state: 'ended' },
    { name: 'a publisher is there, however late', steps: [joined(0)], atMs: 9 * LATE, state: 'live' },
    {
      name: 'gone for just under 30 minutes',
      steps: [joined(0), left(9)],
      atMs: ABSENT_MS + 8,
      state: 'interrupted',
    },
    { name: 'gone for 30 minutes', steps: [joined(0), left(9)], atMs: ABSENT_MS + 9, state: 'ended' },
    {
      name: 'gone shortly before the planned end, 15 minutes after it',
      steps: [joined(0), left(LATE - 60_000)],
      atMs: LATE + ABSENT_AFTER_PLAN_MS,
      state: 'ended',
    },
    {
      name: 'one who overran and dropped has 15 minutes to come back',
      steps: [joined(0), left(LATE + 1_200_000)],
      atMs: LATE + 1_200_000 + ABSENT_AFTER_PLAN_MS - 1,
      state: 'interrupted',
    },
  ])('$name: $state', ({ steps, atMs, state }) => {
    const facts = steps.reduce<BroadcastFacts>((each, step) => decide(each, step, START), opened);
    expect(decide(facts, tick, START + atMs).state).toBe(state);
  });
});

describe('what is told of the end beforehand', () => {
  const LATE = 60 * 60_000;

  it.each([
    { name: 'somebody publishes', facts: after([0, joined(0)]), endsAt: null },
    { name: 'nobody has come yet', facts: after(), endsAt: ABSENT_MS },
    { name: 'the lecturer is away', facts: after([0, joined(0)], [9, left(9)]), endsAt: ABSENT_MS + 9 },
    {
      name: 'the lecturer went away shortly before the planned end',
      facts: after([0, joined(0)], [LATE - 1, left(LATE - 1)]),
      endsAt: LATE + ABSENT_AFTER_PLAN_MS,
    },
    {
      name: 'the lecturer has overrun, and is away',
      facts: after([0, joined(0)], [LATE + 5, left(LATE + 5)]),
      endsAt: LATE + 5 + ABSENT_AFTER_PLAN_MS,
    },
    { name: 'it ends', facts: after([0, joined(0)], [5, end]), endsAt: 5 + UNDO_MS },
    { name: 'it has ended', facts: after([0, { do: 'stop' }]), endsAt: null },
  ])('$name', ({ facts, endsAt }) => {
    expect(endsAtMs(facts)).toBe(endsAt === null ? null : START + endsAt);
    if (endsAt === null) return;
    expect(decide(facts, tick, START + endsAt - 1)).toBe(facts);
    expect(decide(facts, tick, START + endsAt).state).toBe('ended');
  });
});
