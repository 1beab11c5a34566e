import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim } from './claims.ts';
import type { SegmentEvidence } from './delivery.ts';
import { type IntervalSet, lengthMs, subtract, union } from './intervals.ts';
import { judgeSession, type SessionFacts } from './judge-session.ts';
import { clockOf, isAccepted, sumVerdicts, type Verdict } from './verdicts.ts';
import { VIEWING } from './viewing-rules.ts';

/** 10:00 in Shanghai on 1 November 2026. */
const OPENED = Date.UTC(2026, 10, 1, 2);
const HOUR = 3_600_000;
const SEGMENT = 4_000;

const clock = (fromMs: number, toMs: number) => ({ fromMs: OPENED + fromMs, toMs: OPENED + toMs });
const at = (fromMs: number, toMs: number) => ({ fromMs, toMs });

interface Play {
  hidden?: boolean;
  rate?: number;
  mediaFromMs?: number;
  arrivedMs?: number;
}
const played = (fromMs: number, toMs: number, more: Play = {}): Claim => {
  const { rate = 1, mediaFromMs = fromMs, hidden = false, arrivedMs = toMs } = more;
  const media = at(mediaFromMs, mediaFromMs + Math.round((toMs - fromMs) * rate));
  return { did: 'played', clock: clock(fromMs, toMs), media, hidden, arrivedAtMs: OPENED + arrivedMs };
};
const still = (did: 'paused' | 'stalled', fromMs: number, toMs: number): Claim => ({
  did,
  clock: clock(fromMs, toMs),
  arrivedAtMs: OPENED + toMs,
});

/** Segments over a timeline, all asked for at `requestedMs` of the session. */
const segments = (toMs: number, change: Partial<SegmentEvidence> = {}): SegmentEvidence[] =>
  Array.from({ length: Math.ceil(toMs / SEGMENT) }, (_, i) => ({
    media: at(i * SEGMENT, (i + 1) * SEGMENT),
    requestedAtMs: OPENED,
    proven: true,
    ...change,
  }));

const library = (change: Partial<SessionFacts> = {}): SessionFacts => ({
  openedAtMs: OPENED,
  closedAtMs: null,
  claims: [],
  tenures: [{ fromMs: OPENED, toMs: OPENED + 100 * HOUR }],
  evidence: { by: 'hls', segments: segments(600_000) },
  lineage: { recorded: [at(0, 600_000)], isFinal: true, timelineZeroAtMs: null, withdrawnAtMs: null },
  accepted: [],
  countedMedia: [],
  countedClockByDay: new Map(),
  ...change,
});

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

const anyClaim: fc.Arbitrary<Claim> = fc
  .record({
    fromMs: fc.nat(120_000),
    lengthMs: fc.nat(25_100),
    mediaFromMs: fc.nat(150_000),
    rate: fc.constantFrom(0, 0.5, 1, 1.25, 1.5, 2),
    hidden: fc.boolean(),
    delayMs: fc.oneof(fc.integer({ min: -3_000, max: 700_000 }), fc.nat(20_000), fc.nat(20_000)),
    did: fc.constantFrom('played', 'played', 'paused', 'stalled'),
  })
  .map(({ fromMs, lengthMs: ms, did, delayMs, ...more }) => {
    const arrivedMs = fromMs + ms + delayMs;
    if (did !== 'played')
      return { ...still(did as 'paused', fromMs, fromMs + ms), arrivedAtMs: OPENED + arrivedMs };
    return played(fromMs, fromMs + ms, { ...more, arrivedMs });
  });

const anyFacts: fc.Arbitrary<SessionFacts> = fc
  .record({
    claims: fc.array(anyClaim, { maxLength: 12, size: 'max' }),
    tenure: fc.tuple(fc.nat(30_000), fc.integer({ min: 60_000, max: 200_000 })),
    segments: fc.array(
      fc.record({ seq: fc.nat(40), requestedMs: fc.nat(30_000), proven: fc.constantFrom(true, true, false) }),
      { minLength: 40, maxLength: 120, size: 'max' },
    ),
    recordedToMs: fc.integer({ min: 60_000, max: 200_000 }),
    isFinal: fc.boolean(),
    countedToMs: fc.nat(100_000),
    usedMs: fc.integer({ min: VIEWING.dailyCapMs - 60_000, max: VIEWING.dailyCapMs }),
    closedMs: fc.option(fc.integer({ min: 50_000, max: 150_000 })),
  })
  .map((any) =>
    library({
      claims: any.claims.toSorted((a, b) => a.arrivedAtMs - b.arrivedAtMs),
      tenures: [clock(...any.tenure)],
      evidence: {
        by: 'hls',
        segments: any.segments.map(({ seq, requestedMs, proven }) => ({
          media: at(seq * SEGMENT, (seq + 1) * SEGMENT),
          requestedAtMs: OPENED + requestedMs,
          proven,
        })),
      },
      lineage: { ...library().lineage, recorded: [at(0, any.recordedToMs + 1)], isFinal: any.isFinal },
      countedMedia: any.countedToMs === 0 ? [] : [at(0, any.countedToMs)],
      countedClockByDay: new Map([[Date.UTC(2026, 9, 31, 16), any.usedMs]]),
      closedAtMs: any.closedMs === null ? null : OPENED + any.closedMs,
    }),
  );

const NOW = 160_000;

describe('whatever a client says', () => {
  it('every millisecond of the session has one verdict', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(NOW), (facts, fromMs) => {
        const { verdicts } = judge(facts, NOW, fromMs);
        const toMs = Math.max(fromMs, (facts.closedAtMs ?? OPENED + NOW) - OPENED);
        expect(clockOf(verdicts)).toEqual(toMs > fromMs ? [clock(fromMs, toMs)] : []);
        expect(verdicts.reduce((sum, v) => sum + v.clock.toMs - v.clock.fromMs, 0)).toBe(toMs - fromMs);
      }),
      { numRuns: 1000 },
    );
  });

  it('some of it counts: these properties are not about nothing', () => {
    const counted = fc
      .sample(anyFacts, { numRuns: 200, seed: 1 })
      .filter((facts) => judge(facts, NOW).clock.length > 0);
    expect(counted.length).toBeGreaterThan(30);
  });

  it('clock counts only in the lease, under the cap; media only where recorded and requested', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const judged = judge(facts, NOW);
        const used = [...facts.countedClockByDay.values()][0] ?? 0;
        expect(subtract(judged.clock, facts.tenures)).toEqual([]);
        expect(lengthMs(judged.clock)).toBeLessThanOrEqual(VIEWING.dailyCapMs - used);
        expect(subtract(judged.media, facts.lineage.recorded)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('judging again, with what was accepted before, adds nothing and says the same', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const first = judge(facts, NOW);
        const again = judge(carryOn(facts, first.verdicts, first.media, first.clock), NOW);
        expect(again.verdicts).toEqual(first.verdicts);
        expect([again.media, again.clock]).toEqual([[], []]);
      }),
      { numRuns: 1000 },
    );
  });

  it('beat by beat gives the same two sets as all at once, as far as waiting cannot change them', () => {
    fc.assert(
      fc.property(anyFacts, fc.array(fc.nat(NOW), { maxLength: 4 }), (facts, moments) => {
        const whole = judge(facts, NOW);
        const open = moments.filter((ms) => OPENED + ms < (facts.closedAtMs ?? Infinity));
        const steps = runInSteps(
          facts,
          open.toSorted((a, b) => a - b),
        );
        expect(subtract(whole.media, steps.media)).toEqual([]);
        expect(lengthMs(steps.clock)).toBe(lengthMs(whole.clock));
      }),
      { numRuns: 1000 },
    );
  });
});

function carryOn(
  facts: SessionFacts,
  verdicts: Verdict[],
  media: IntervalSet,
  counted: IntervalSet,
): SessionFacts {
  const countedClockByDay = new Map(facts.countedClockByDay);
  for (const [day, usedMs] of countedClockByDay) countedClockByDay.set(day, usedMs + lengthMs(counted));
  return {
    ...facts,
    accepted: verdicts.filter(isAccepted),
    countedMedia: union(facts.countedMedia, media),
    countedClockByDay,
  };
}

/** As the shell does it: the claims that have arrived, from where the verdicts may still change. */
function runInSteps(all: SessionFacts, moments: number[]): { media: IntervalSet; clock: IntervalSet } {
  const open = { ...all, closedAtMs: null };
  let facts: SessionFacts = open;
  let sums = { media: [] as IntervalSet, clock: [] as IntervalSet };
  for (const [nowMs, state] of [...moments.map((ms) => [ms, open] as const), [NOW, all] as const]) {
    // The final pass knows every claim, also those that the arbitrary dated after the last moment.
    const claims =
      nowMs === NOW ? all.claims : all.claims.filter(({ arrivedAtMs }) => arrivedAtMs <= OPENED + nowMs);
    const { accepted, countedMedia, countedClockByDay } = facts;
    const now = { ...state, claims, accepted, countedMedia, countedClockByDay };
    const judged = judge(now, nowMs);
    sums = { media: union(sums.media, judged.media), clock: union(sums.clock, judged.clock) };
    facts = carryOn(now, judged.verdicts, judged.media, judged.clock);
  }
  return sums;
}
