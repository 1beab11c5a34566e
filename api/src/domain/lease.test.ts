import { expect, it } from 'vitest';
import { type LeaseState, passLease, takeLease } from './lease.ts';

const free: LeaseState = { holder: null, lastEndMs: 0, judgedToMs: 0 };
const NOW = 100_000;

it.each([
  { name: 'a free lease is dated back to the press of Play', state: free, sinceMs: NOW - 2_000, ended: null },
  {
    name: 'but not into the last tenure',
    state: { ...free, lastEndMs: NOW - 500 },
    sinceMs: NOW - 500,
    ended: null,
  },
  {
    name: 'another device loses it now',
    state: { ...free, holder: { playbackId: 'old', sinceMs: 50_000 }, judgedToMs: 99_000 },
    sinceMs: NOW,
    ended: { playbackId: 'old', atMs: NOW },
  },
  {
    name: 'and keeps what was counted by a server whose clock is ahead',
    state: { ...free, holder: { playbackId: 'old', sinceMs: 50_000 }, judgedToMs: NOW + 40 },
    sinceMs: NOW + 40,
    ended: { playbackId: 'old', atMs: NOW + 40 },
  },
])('$name', ({ state, sinceMs, ended }) => {
  expect(takeLease(state, { playbackId: 'new', openedAtMs: 0 }, NOW)).toEqual({
    sinceMs,
    ended,
    isSame: false,
  });
});

it('never begins before its session', () => {
  expect(takeLease(free, { playbackId: 'new', openedAtMs: NOW - 300 }, NOW).sinceMs).toBe(NOW - 300);
});

it('taking it again changes nothing', () => {
  const state = { ...free, holder: { playbackId: 'new', sinceMs: 50_000 } };
  expect(takeLease(state, { playbackId: 'new', openedAtMs: 0 }, NOW)).toEqual({
    sinceMs: 50_000,
    ended: null,
    isSame: true,
  });
});

it.each([
  { name: 'from the session that holds it', holder: 'old', passes: true },
  { name: 'from nobody', holder: null, passes: true },
  { name: 'to who has it already', holder: 'new', passes: true },
  { name: 'never from another device', holder: 'elsewhere', passes: false },
])('passes without a press $name', ({ holder, passes }) => {
  const state = { ...free, holder: holder === null ? null : { playbackId: holder, sinceMs: 50_000 } };
  const taker = { playbackId: 'new', openedAtMs: NOW - 100, insteadOf: 'old' };
  expect(passLease(state, taker, NOW)).toEqual(passes ? takeLease(state, taker, NOW) : null);
});
