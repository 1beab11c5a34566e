import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim } from './claims.ts';
import { type IntervalSet, lengthMs, subtract, union } from './intervals.ts';
import { judgeSession, type SessionFacts } from './judge-session.ts';
import { at, clock, library, OPENED, played, SEGMENT, still } from './testing/session-facts.ts';
import { clockOf, isAccepted, type Verdict } from './verdicts.ts';
import { VIEWING } from './viewing-rules.ts';

const judge = (facts: SessionFacts, nowMs: number, fromMs = 0) =>
  judgeSession(facts, OPENED + fromMs, OPENED + nowMs, VIEWING);

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
    if (did !== 'played') return { ...still(did, fromMs, fromMs + ms), arrivedAtMs: OPENED + arrivedMs };
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
