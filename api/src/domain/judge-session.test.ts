import { describe, expect, it } from 'vitest';
import type { Claim } from './claims.ts';
import { type IntervalSet, lengthMs } from './intervals.ts';
import { judgeSession, type SessionFacts } from './judge-session.ts';
import { at, clock, HOUR, library, OPENED, played, segments, still } from './testing/session-facts.ts';
import { sumVerdicts } from './verdicts.ts';
import { VIEWING } from './viewing-rules.ts';

const live = (windows: IntervalSet, change: Partial<SessionFacts> = {}): SessionFacts =>
  library({
    evidence: { by: 'webrtc', windows },
    lineage: {
      recorded: [at(60_000, 90_000)],
      isFinal: false,
      timelineZeroAtMs: OPENED - 60_000,
      withdrawnAtMs: null,
    },
    ...change,
  });

const judge = (facts: SessionFacts, nowMs: number, fromMs = 0) =>
  judgeSession(facts, OPENED + fromMs, OPENED + nowMs, VIEWING);
const sums = (facts: SessionFacts, nowMs: number): Record<string, number> =>
  Object.fromEntries(sumVerdicts(judge(facts, nowMs).verdicts).map(({ reason, ms }) => [reason, ms]));

describe('one claim of ten seconds, judged at 10 s', () => {
  const gap = { recorded: [at(0, 6_000)], timelineZeroAtMs: null, withdrawnAtMs: null };
  it.each<{
    name: string;
    claims?: Claim[];
    facts?: Partial<SessionFacts>;
    expected: Record<string, number>;
  }>([
    { name: 'played', expected: { counted: 10_000 } },
    { name: 'nothing claimed', claims: [], expected: { pending: 10_000 } },
    { name: 'paused', claims: [still('paused', 0, 10_000)], expected: { paused: 10_000 } },
    { name: 'stalled', claims: [still('stalled', 0, 10_000)], expected: { stalled: 10_000 } },
    {
      name: 'played without moving',
      claims: [played(0, 10_000, { rate: 0 })],
      expected: { stalled: 10_000 },
    },
    { name: 'hidden', claims: [played(0, 10_000, { hidden: true })], expected: { hidden: 10_000 } },
    { name: 'at 1.5', claims: [played(0, 10_000, { rate: 1.5 })], expected: { counted: 10_000 } },
    { name: 'at 1.525', claims: [played(0, 10_000, { rate: 1.525 })], expected: { counted: 10_000 } },
    {
      name: 'a millisecond faster',
      claims: [played(0, 10_000, { rate: 1.5251 })],
      expected: { 'over-rate': 10_000 },
    },
    { name: 'at 16', claims: [played(0, 10_000, { rate: 16 })], expected: { 'over-rate': 10_000 } },
    { name: 'without the lease', facts: { tenures: [] }, expected: { superseded: 10_000 } },
    {
      name: 'the lease lost at 4 s',
      facts: { tenures: [clock(0, 4_000)] },
      expected: { counted: 4_000, superseded: 6_000 },
    },
    {
      name: 'withdrawn before',
      facts: { lineage: { ...library().lineage, withdrawnAtMs: OPENED } },
      expected: { 'not-published': 10_000 },
    },
    {
      name: 'into a gap',
      facts: { lineage: { ...gap, isFinal: true } },
      expected: { counted: 6_000, 'no-media': 4_000 },
    },
    {
      name: 'into what is not recorded yet',
      facts: { lineage: { ...gap, isFinal: false } },
      expected: { counted: 6_000, pending: 4_000 },
    },
    {
      name: 'nothing requested',
      facts: { evidence: { by: 'hls', segments: [] } },
      expected: { 'not-delivered': 10_000 },
    },
    {
      name: 'proven, never requested',
      facts: { evidence: { by: 'hls', segments: segments(12_000, { requestedAtMs: null }) } },
      expected: { 'not-delivered': 10_000 },
    },
    {
      name: 'requested, not proven yet',
      facts: { evidence: { by: 'hls', segments: segments(12_000, { proven: false }) } },
      expected: { pending: 10_000 },
    },
    {
      name: 'not proven, and the session closed',
      facts: {
        closedAtMs: OPENED + 10_000,
        evidence: { by: 'hls', segments: segments(12_000, { proven: false }) },
      },
      expected: { 'not-delivered': 10_000 },
    },
    {
      name: 'requested two seconds after',
      facts: { evidence: { by: 'hls', segments: segments(12_000, { requestedAtMs: OPENED + 2_000 }) } },
      expected: { counted: 10_000 },
    },
    {
      name: 'requested after five seconds',
      facts: { evidence: { by: 'hls', segments: segments(12_000, { requestedAtMs: OPENED + 5_000 }) } },
      expected: { counted: 7_000, 'not-delivered': 3_000 },
    },
    {
      name: 'the first half proven',
      facts: { evidence: { by: 'hls', segments: segments(4_000) } },
      expected: { counted: 4_000, 'not-delivered': 6_000 },
    },
    {
      name: 'counted before',
      facts: { countedMedia: [at(0, 3_000)] },
      expected: { counted: 7_000, repeat: 3_000 },
    },
    {
      name: 'a second claim for the same time',
      claims: [played(0, 10_000), played(0, 10_000, { mediaFromMs: 20_000 })],
      expected: { counted: 10_000 },
    },
    {
      name: 'a backward clock',
      claims: [{ ...played(0, 10_000), clock: clock(10_000, 0) }],
      expected: { pending: 10_000 },
    },
    {
      name: 'media below zero',
      claims: [played(0, 10_000, { mediaFromMs: -5_000 })],
      expected: { pending: 10_000 },
    },
  ])('$name', ({ claims = [played(0, 10_000)], facts = {}, expected }) => {
    expect(sums(library({ claims, ...facts }), 10_000)).toEqual(expected);
  });
});

describe('claims at the boundaries', () => {
  it.each([
    { name: '25 s long', claim: played(0, 25_000), counted: 25_000 },
    { name: 'longer', claim: played(0, 25_001), counted: 0 },
    { name: '2 s ahead', claim: played(0, 10_000, { arrivedMs: 8_000 }), counted: 10_000 },
    { name: 'further ahead', claim: played(0, 10_000, { arrivedMs: 7_999 }), counted: 0 },
    { name: '10 min late', claim: played(0, 10_000, { arrivedMs: 610_000 }), counted: 10_000 },
    { name: 'later', claim: played(0, 10_000, { arrivedMs: 610_001 }), counted: 0 },
  ])('$name', ({ claim, counted }) => {
    expect(lengthMs(judge(library({ claims: [claim] }), 700_000).clock)).toBe(counted);
  });

  it('what is claimed ahead counts once its time has come', () => {
    const facts = library({ claims: [played(0, 10_000, { arrivedMs: 8_000 })] });
    expect(lengthMs(judge(facts, 8_000).clock)).toBe(8_000);
    expect(lengthMs(judge(facts, 9_000).clock)).toBe(9_000);
  });

  it('a late one is called late, silence is called silent once the beats are overdue', () => {
    const claims = [played(0, 10_000, { arrivedMs: 610_001 })];
    expect(sums(library({ claims }), 700_000)).toEqual({
      late: 10_000,
      'silent-client': 665_000,
      pending: 25_000,
    });
  });
});

describe('a WebRTC viewer', () => {
  const claims = [played(0, 20_000, { mediaFromMs: 0 })];

  it('is placed on the timeline by the clock, whatever it claims', () => {
    const { media } = judge(live([clock(0, 20_000)], { claims }), 20_000);
    expect(media).toEqual([at(60_000, 80_000)]);
  });

  it('counts within the delivered windows and a second around them, and waits 30 s for reports', () => {
    const facts = live([clock(3_000, 9_000)], { claims });
    expect(sums(facts, 49_999)).toMatchObject({ counted: 8_000, pending: 12_000 + 25_000 });
    expect(sums(facts, 50_000)).toMatchObject({ counted: 8_000, 'not-delivered': 12_000 });
  });

  it('waits for the recording, and calls what never comes no-media', () => {
    const facts = live([clock(0, 50_000)], { claims: [played(20_000, 40_000)], closedAtMs: OPENED + 40_000 });
    expect(sums(facts, 100_000)).toEqual({ counted: 10_000, pending: 10_000, 'silent-client': 20_000 });
    const final = { ...facts, lineage: { ...facts.lineage, isFinal: true } };
    expect(sums(final, 100_000)).toEqual({ counted: 10_000, 'no-media': 10_000, 'silent-client': 20_000 });
  });
});

describe('the daily cap', () => {
  const day = Date.UTC(2026, 9, 31, 16);
  const almost = new Map([[day, VIEWING.dailyCapMs - 4_000]]);

  it('lets media in and no clock beyond 8 class hours', () => {
    const facts = library({ claims: [played(0, 10_000)], countedClockByDay: almost });
    expect(judge(facts, 10_000)).toMatchObject({
      media: [at(0, 10_000)],
      clock: [clock(0, 4_000)],
      verdicts: [
        { reason: 'counted', clock: clock(0, 4_000) },
        { reason: 'daily-cap', clock: clock(4_000, 10_000) },
      ],
    });
  });

  it('begins anew at midnight in Shanghai', () => {
    const toMidnight = 14 * HOUR;
    const full = new Map([[day, VIEWING.dailyCapMs]]);
    const claims = [played(toMidnight - 5_000, toMidnight + 5_000, { mediaFromMs: 0 })];
    const judged = judge(library({ claims, countedClockByDay: full }), toMidnight + 5_000);
    expect(judged.clock).toEqual([clock(toMidnight, toMidnight + 5_000)]);
    expect(judged.media).toEqual([at(0, 10_000)]);
  });
});
