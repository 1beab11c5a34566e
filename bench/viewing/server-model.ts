import type { Claim } from '../../api/src/domain/claims.ts';
import {
  NO_REQUESTS,
  paceRequest,
  type RequestPace,
  type SegmentEvidence,
} from '../../api/src/domain/delivery.ts';
import { type Interval, type IntervalSet, lengthMs, union } from '../../api/src/domain/intervals.ts';
import { judgeSession } from '../../api/src/domain/judge-session.ts';
import { type LeaseState, takeLease } from '../../api/src/domain/lease.ts';
import { isAccepted, type Verdict } from '../../api/src/domain/verdicts.ts';
import { VIEWING } from '../../api/src/domain/viewing-rules.ts';

export const SEGMENT_MS = 4_000;

interface Session {
  readonly id: string;
  readonly openedAtMs: number;
  readonly beats: Map<number, Claim[]>;
  claims: Claim[];
  tenures: { fromMs: number; toMs: number | null }[];
  readonly segments: Map<number, { requestedAtMs: number | null; proven: boolean }>;
  pace: RequestPace;
  verdicts: Verdict[];
  settledToMs: number;
}

/** One resident and one timeline, kept as the API keeps them, in memory: the rules are the real ones. */
export class ServerModel {
  readonly sessions = new Map<string, Session>();
  media: IntervalSet = [];
  clock: IntervalSet = [];
  #lease: LeaseState = { holder: null, lastEndMs: 0, judgedToMs: 0 };

  readonly #recorded: IntervalSet;

  constructor(recorded: IntervalSet) {
    this.#recorded = recorded;
  }

  open(id: string, openedAtMs: number): void {
    this.sessions.set(id, {
      ...{ id, openedAtMs, settledToMs: openedAtMs },
      ...{ beats: new Map(), claims: [], tenures: [], segments: new Map(), pace: NO_REQUESTS, verdicts: [] },
    });
  }

  take(id: string, nowMs: number): void {
    const session = this.#session(id);
    const taken = takeLease(this.#lease, { playbackId: id, openedAtMs: session.openedAtMs }, nowMs);
    if (taken.isSame) return;
    const open = [...this.sessions.values()]
      .flatMap(({ tenures }) => tenures)
      .filter(({ toMs }) => toMs === null);
    for (const tenure of open) tenure.toMs = taken.sinceMs;
    session.tenures.push({ fromMs: taken.sinceMs, toMs: null });
    this.#lease = {
      holder: { playbackId: id, sinceMs: taken.sinceMs },
      lastEndMs: Math.max(this.#lease.lastEndMs, taken.ended?.atMs ?? 0),
      judgedToMs: this.#lease.judgedToMs,
    };
  }

  request(id: string, seq: number, atMs: number): void {
    const session = this.#session(id);
    const media = { fromMs: seq * SEGMENT_MS, toMs: (seq + 1) * SEGMENT_MS };
    const { pace, voidFromMs } = paceRequest(session.pace, { media, atMs }, session.openedAtMs, VIEWING);
    session.pace = pace;
    const known = session.segments.get(seq);
    if (voidFromMs === null) {
      const requestedAtMs = Math.min(known?.requestedAtMs ?? Infinity, atMs);
      session.segments.set(seq, { requestedAtMs, proven: known?.proven ?? false });
      return;
    }
    for (const segment of session.segments.values()) {
      if ((segment.requestedAtMs ?? -1) >= voidFromMs) segment.requestedAtMs = null;
    }
  }

  /** One committed batch: everything in it, or nothing. */
  commit(
    batch: readonly { id: string; seq: number; claims: Claim[]; proofs: number[] }[],
    nowMs: number,
  ): void {
    const from = new Map<string, number>();
    for (const { id, seq, claims, proofs } of batch) {
      const session = this.#session(id);
      const known = from.get(id) ?? session.settledToMs;
      from.set(id, Math.min(known, ...claims.map(({ clock }) => clock.fromMs)));
      for (const proof of proofs) {
        const segment = session.segments.get(proof);
        session.segments.set(proof, { requestedAtMs: segment?.requestedAtMs ?? null, proven: true });
      }
      if (session.beats.has(seq)) continue;
      session.beats.set(seq, claims);
      session.claims.push(...claims);
    }
    for (const [id, fromMs] of from) this.#judge(this.#session(id), fromMs, nowMs);
  }

  sweep(nowMs: number): void {
    for (const session of this.sessions.values()) this.#judge(session, session.settledToMs, nowMs);
  }

  #judge(session: Session, askedFromMs: number, nowMs: number): void {
    const touched = session.verdicts.filter(({ clock }) => clock.toMs > askedFromMs);
    const fromMs = Math.min(askedFromMs, touched[0]?.clock.fromMs ?? askedFromMs);
    const judged = judgeSession(
      {
        openedAtMs: session.openedAtMs,
        closedAtMs: null,
        claims: session.claims.filter(({ clock }) => clock.toMs > fromMs),
        tenures: session.tenures.map(({ fromMs: from, toMs }) => ({
          fromMs: from,
          toMs: toMs ?? Number.MAX_SAFE_INTEGER,
        })),
        evidence: { by: 'hls', segments: Array.from(session.segments, evidenceOf) },
        lineage: { recorded: this.#recorded, isFinal: true, timelineZeroAtMs: null, withdrawnAtMs: null },
        accepted: touched.filter(isAccepted),
        countedMedia: this.media,
        countedClockByDay: new Map(),
      },
      fromMs,
      nowMs,
      VIEWING,
    );
    session.verdicts = [...session.verdicts.filter(({ clock }) => clock.toMs <= fromMs), ...judged.verdicts];
    session.settledToMs = judged.settledToMs;
    this.media = union(this.media, judged.media);
    this.clock = union(this.clock, judged.clock);
    this.#lease = { ...this.#lease, judgedToMs: Math.max(this.#lease.judgedToMs, nowMs) };
    const sumMs = lengthMs(session.verdicts.map(({ clock }): Interval => clock));
    if (sumMs !== Math.max(0, nowMs - session.openedAtMs))
      throw new Error('verdicts do not sum to the session');
  }

  #session(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw new Error(`no session ${id}`);
    return session;
  }
}

const evidenceOf = ([seq, { requestedAtMs, proven }]: [
  number,
  { requestedAtMs: number | null; proven: boolean },
]): SegmentEvidence => ({
  media: { fromMs: seq * SEGMENT_MS, toMs: (seq + 1) * SEGMENT_MS },
  requestedAtMs,
  proven,
});
