import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim } from './claims.ts';
import { isNearLive, type LiveHlsEvidence } from './delivery.ts';
import { intersect, lengthMs, shift, subtract, unite, widen } from './intervals.ts';
import { judgeSession, type SessionFacts } from './judge-session.ts';
import { at, clock, library, OPENED, played, SEGMENT } from './testing/session-facts.ts';
import { sumVerdicts } from './verdicts.ts';
import { VIEWING } from './viewing-rules.ts';

/** The lecture has run for a minute when the session opens; the player stands three seconds behind. */
const ZERO = OPENED - 60_000;
const LAG = 3_000;
const live = 60_000 - LAG;
const segment = (seq: number) => at(seq * SEGMENT, (seq + 1) * SEGMENT);
/** Segments 14 to 17 hold 56 to 72 s. */
const EVIDENCE: LiveHlsEvidence = {
  by: 'll-hls',
  bytes: [],
  reloads: [clock(0, 10_000)],
  proven: [14, 15, 16].map(segment),
  seams: [13, 17].map(segment),
};

const facts = (evidence: Partial<LiveHlsEvidence>, change: Partial<SessionFacts> = {}): SessionFacts =>
  library({
    claims: [played(0, 10_000, { mediaFromMs: live })],
    evidence: { ...EVIDENCE, ...evidence },
    lineage: {
      ...{ recorded: [at(0, 600_000)], isFinal: false },
      ...{ timelineZeroAtMs: ZERO, withdrawnAtMs: null },
    },
    ...change,
  });
const judge = (of: SessionFacts, nowMs: number) => judgeSession(of, OPENED, OPENED + nowMs, VIEWING);
const sums = (of: SessionFacts, nowMs: number): Record<string, number> =>
  Object.fromEntries(sumVerdicts(judge(of, nowMs).verdicts).map(({ reason, ms }) => [reason, ms]));

describe('ten seconds of live HLS, judged when all reports are in and the session is closed', () => {
  const closed = { closedAtMs: OPENED + 10_000 };
  const claim = (mediaFromMs: number, rate = 1): Partial<SessionFacts> => ({
    claims: [played(0, 10_000, { mediaFromMs, rate })],
  });
  const noProof = { proven: [], seams: [] };
  const bytes = { reloads: [], bytes: [clock(0, 10_000)], ...noProof };
  it.each<{
    name: string;
    evidence?: Partial<LiveHlsEvidence>;
    change?: Partial<SessionFacts>;
    expected: Record<string, number>;
  }>([
    { name: 'reloaded and proven', expected: { counted: 10_000 } },
    { name: 'reloaded, nothing proven', evidence: noProof, expected: { 'not-delivered': 10_000 } },
    { name: 'proven, nothing reloaded', evidence: { reloads: [] }, expected: { 'not-delivered': 10_000 } },
    {
      name: 'reloaded for the first five seconds, a second of tolerance',
      evidence: { reloads: [clock(0, 5_000)] },
      expected: { counted: 6_000, 'not-delivered': 4_000 },
    },
    {
      name: 'reloaded for a time before',
      evidence: { reloads: [clock(-30_000, -1_000)] },
      expected: { 'not-delivered': 10_000 },
    },
    {
      name: 'joined and left in the middle of seams',
      evidence: { proven: [segment(15)], seams: [segment(14), segment(16)] },
      expected: { counted: 10_000 },
    },
    {
      name: 'two segments after the last proven one: only the seam between counts',
      evidence: { proven: [segment(13)], seams: [segment(12), segment(14)] },
      expected: { counted: 3_000, 'not-delivered': 7_000 },
    },
    {
      name: 'as far ahead as clocks may differ',
      change: claim(61_000),
      evidence: { proven: [segment(15), segment(16), segment(17)] },
      expected: { counted: 10_000 },
    },
    { name: 'ahead of the clock', change: claim(61_001), expected: { 'not-delivered': 10_000 } },
    {
      name: 'faster than the clock, beyond its end',
      change: claim(58_000, 1.5),
      expected: { 'not-delivered': 10_000 },
    },
    { name: 'faster than a player plays', change: claim(40_000, 1.6), expected: { 'over-rate': 10_000 } },
    { name: 'standing still', change: claim(50_000, 0), expected: { stalled: 10_000 } },
    { name: 'counted by bytes, without a proof', evidence: bytes, expected: { counted: 10_000 } },
    { name: 'by bytes, a minute behind', evidence: bytes, change: claim(0), expected: { counted: 10_000 } },
    {
      name: 'by bytes, further behind than a live player stands',
      evidence: bytes,
      change: { ...claim(0), lineage: { ...facts({}).lineage, timelineZeroAtMs: ZERO - 1 } },
      expected: { 'not-delivered': 10_000 },
    },
    {
      name: 'not recorded yet: its proofs may wait',
      evidence: noProof,
      change: { lineage: { ...facts({}).lineage, recorded: [at(0, 60_000)] } },
      expected: { 'not-delivered': 3_000, pending: 7_000 },
    },
    {
      name: 'never recorded',
      change: { lineage: { ...facts({}).lineage, recorded: [at(0, 60_000)], isFinal: true } },
      expected: { counted: 3_000, 'no-media': 7_000 },
    },
    {
      name: 'before there is a timeline',
      change: { lineage: { ...facts({}).lineage, timelineZeroAtMs: null } },
      expected: { pending: 10_000 },
    },
  ])('$name', ({ evidence = {}, change = {}, expected }) => {
    expect(sums(facts(evidence, { ...closed, ...change }), 50_000)).toEqual(expected);
  });

  it('waits 30 s for the reports, and for the proofs while the session is open', () => {
    expect(sums(facts({ reloads: [] }), 39_999)).toMatchObject({ pending: 10_000 + 25_000 });
    expect(sums(facts({ reloads: [] }), 40_000)).toMatchObject({ 'not-delivered': 10_000 });
    expect(sums(facts(noProof), 609_999)).toMatchObject({ pending: 10_000 + 25_000 });
    expect(sums(facts(noProof), 610_000)).toMatchObject({ 'not-delivered': 10_000 });
  });
});

const anyIntervals = fc
  .array(fc.tuple(fc.integer({ min: -20_000, max: 120_000 }), fc.nat(30_000)), { maxLength: 4 })
  .map((list) => unite(list.map(([fromMs, ms]) => clock(fromMs, fromMs + ms))));
const anySegments = fc.uniqueArray(fc.nat(45), { maxLength: 30 }).map((list) => list.map(segment));
const anyClaim: fc.Arbitrary<Claim> = fc
  .record({
    fromMs: fc.nat(100_000),
    ms: fc.nat(25_000),
    behindMs: fc.integer({ min: -5_000, max: 90_000 }),
    rate: fc.constantFrom(0.5, 1, 1, 1.05, 1.5),
  })
  .map(({ fromMs, ms, behindMs, rate }) =>
    played(fromMs, fromMs + ms, { rate, mediaFromMs: Math.max(0, fromMs + 60_000 - behindMs) }),
  );
const anyFacts = fc
  .record({
    claims: fc.array(anyClaim, { maxLength: 8, size: 'max' }),
    reloads: anyIntervals,
    bytes: fc.oneof(fc.constant([]), anyIntervals),
    proven: anySegments,
    seams: fc.oneof(fc.constant([]), anySegments),
  })
  .map(({ claims, ...evidence }) => facts(evidence, { claims, closedAtMs: OPENED + 130_000 }));
const evidenceOf = ({ evidence }: SessionFacts): LiveHlsEvidence =>
  evidence.by === 'll-hls' ? evidence : EVIDENCE;

describe('whatever a client says and a node reports', () => {
  const runs = { numRuns: 1000 };

  it('some of it counts: these properties are not about nothing', () => {
    const sample = fc.sample(anyFacts, { numRuns: 200, seed: 1 });
    expect(sample.filter((each) => judge(each, 200_000).clock.length > 0).length).toBeGreaterThan(30);
  });

  it('no more clock counts than the windows cover', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { reloads, bytes } = evidenceOf(given);
        const covered = widen(unite([...reloads, ...bytes]), VIEWING.timelineToleranceMs);
        expect(subtract(judge(given, 200_000).clock, covered)).toEqual([]);
      }),
      runs,
    );
  });

  it('without bytes no media counts that is neither proven nor a seam', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const evidence = { ...evidenceOf(given), bytes: [] };
        const shown = unite([...evidence.proven, ...evidence.seams], VIEWING.segmentHoleMs);
        expect(subtract(judge({ ...given, evidence }, 200_000).media, shown)).toEqual([]);
      }),
      runs,
    );
  });

  it('who only reloads, or only proves, earns nothing', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const evidence = { ...evidenceOf(given), bytes: [] };
        const reloading = { ...evidence, proven: [], seams: [] };
        const proving = { ...evidence, reloads: [] };
        expect(judge({ ...given, evidence: reloading }, 200_000).clock).toEqual([]);
        expect(judge({ ...given, evidence: proving }, 200_000).clock).toEqual([]);
      }),
      runs,
    );
  });

  it('no media counts before it was spoken', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        for (const { reason, clock: when, media } of judge(given, 200_000).verdicts) {
          if (reason !== 'counted' || media === null) continue;
          expect(media.toMs).toBeLessThanOrEqual(when.toMs - ZERO + VIEWING.timelineToleranceMs + 1);
        }
      }),
      runs,
    );
  });

  it('a stretch that is near enough for bytes is near enough for reloads', () => {
    fc.assert(
      fc.property(anyClaim, (claim) => {
        if (claim.did !== 'played') return;
        const near = (by: 'bytes' | 'reloads') => isNearLive(claim, { by, zeroAtMs: ZERO }, VIEWING);
        expect(near('reloads') || !near('bytes')).toBe(true);
        const spoken = shift([claim.clock], -ZERO);
        if (near('bytes'))
          expect(lengthMs(intersect(widen(spoken, 90_000), [claim.media]))).toBe(lengthMs([claim.media]));
      }),
    );
  });
});
