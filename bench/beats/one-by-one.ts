import type { UserId } from '@yike/contracts/ids';
import type { Beat, BeatAck } from '@yike/contracts/realtime/viewing';
import type { Pool, PoolClient } from 'pg';
import type { Claim } from '../../api/src/domain/claims.ts';
import { requiredMs, validMs } from '../../api/src/domain/completion.ts';
import {
  type Interval,
  intersect,
  lengthMs,
  parseIntervals,
  printIntervals,
  unite,
} from '../../api/src/domain/intervals.ts';
import { type Judgement, judgeSession } from '../../api/src/domain/judge-session.ts';
import { shanghaiDay } from '../../api/src/domain/shanghai-day.ts';
import { withoutAwaitedSilence } from '../../api/src/domain/verdicts.ts';
import { VIEWING } from '../../api/src/domain/viewing-rules.ts';
import { STATEMENTS } from './statements.ts';

interface Session {
  readonly lineageId: string;
  readonly unitId: string;
  readonly openedAtMs: number;
  readonly settledToMs: number;
  readonly recorded: string;
  readonly cut: string;
}

interface Sets {
  readonly media: string;
  readonly clock: string;
}

type Evidence = Interval & { readonly requestedAtMs: number | null; readonly proven: boolean };

interface Taken {
  readonly session: Session;
  readonly coverage: Sets;
  readonly holdsLease: boolean;
}

/**
 * The peer: beats as one writes them down at first. Each has a transaction of its own, statement by statement, into the same tables, is
 * judged by the same rules, and answered after its commit with the same line of truth. Statements are prepared, connections kept. What
 * comes late, twice or out of order, and what completes something, is not thought of.
 */
export class OneByOne {
  readonly #pool: Pool;
  readonly #nowMs: () => number;

  constructor(pool: Pool, nowMs: () => number) {
    this.#pool = pool;
    this.#nowMs = nowMs;
  }

  /** @throws where the session is not this resident's, or the database fails */
  async take(userId: UserId, beat: Beat): Promise<BeatAck> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      const taken = await write(client, userId, beat, this.#nowMs());
      await client.query('COMMIT');
      return await answer(client, userId, beat, taken);
    } finally {
      client.release();
    }
  }
}

async function write(client: PoolClient, userId: UserId, beat: Beat, nowMs: number): Promise<Taken> {
  const { playbackId, seq, spans, positionMs } = beat;
  const [lease] = await rowsOf<{ playbackId: string }>(client, 'lease', [userId]);
  const [session] = await rowsOf<Session>(client, 'session', [playbackId, userId]);
  if (session === undefined) throw new Error('there is no such session');
  const claims = claimsOf(beat, session.openedAtMs, nowMs);
  const clockToMs = claims.at(-1)?.clock.toMs ?? session.openedAtMs;
  await rowsOf(client, 'beat', [playbackId, seq, nowMs, clockToMs, JSON.stringify(spans)]);
  for (const proof of beat.proofs) await prove(client, beat, session, proof);
  const judged = await judge(client, { userId, beat, session, claims, nowMs });
  const grown = [printIntervals(judged.media), printIntervals(judged.clock)];
  const [coverage] = await rowsOf<Sets>(client, 'cover', [userId, session.lineageId, ...grown]);
  for (const { clock, media, reason } of withoutAwaitedSilence(judged.verdicts)) {
    const bounds = [clock.fromMs, clock.toMs, media?.fromMs, media?.toMs];
    await rowsOf(client, 'verdict', [playbackId, ...bounds, reason]);
  }
  await rowsOf(client, 'judged', [playbackId, judged.settledToMs, nowMs, positionMs]);
  const holdsLease = lease?.playbackId === playbackId;
  return { session, coverage: coverage ?? { media: '{}', clock: '{}' }, holdsLease };
}

/** Keeps a segment's proof whose hash is the index's. */
async function prove(
  client: PoolClient,
  { playbackId }: Beat,
  { lineageId }: Session,
  { segment, sha256 }: Beat['proofs'][number],
): Promise<void> {
  const [epoch, track, seq] = segment.split('/');
  const place = [lineageId, Number(epoch), track, Number(seq)];
  const [known] = await rowsOf<{ sha256: string; startMs: number; endMs: number }>(client, 'segment', place);
  if (known?.sha256 !== sha256) return;
  await rowsOf(client, 'proof', [playbackId, segment, known.startMs, known.endMs]);
}

interface Given {
  readonly userId: UserId;
  readonly beat: Beat;
  readonly session: Session;
  readonly claims: readonly Claim[];
  readonly nowMs: number;
}

/** Loads what the rules ask for, of the time since the last judgement. */
async function judge(
  client: PoolClient,
  { userId, beat: { playbackId }, session, claims, nowMs }: Given,
): Promise<Judgement> {
  const media = claims.flatMap((claim) => (claim.did === 'played' ? [claim.media] : []));
  const range = [media[0]?.fromMs ?? 0, media.at(-1)?.toMs ?? 0];
  const tenures = await rowsOf<{ fromMs: number; toMs: number | null }>(client, 'tenures', [playbackId]);
  const segments = await rowsOf<Evidence>(client, 'evidence', [playbackId, ...range]);
  const [stored] = await rowsOf<Sets>(client, 'coverage', [userId, session.lineageId]);
  const day = shanghaiDay(nowMs);
  const [today] = await rowsOf<{ ms: number }>(client, 'day', [userId, day.fromMs, day.toMs]);
  const held = tenures.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? Number.MAX_SAFE_INTEGER }));
  const facts = {
    openedAtMs: session.openedAtMs,
    closedAtMs: null,
    ...{ claims, accepted: [], tenures: unite(held) },
    evidence: {
      by: 'hls' as const,
      segments: segments.map(({ fromMs, toMs, ...known }) => ({ media: { fromMs, toMs }, ...known })),
    },
    lineage: {
      recorded: parseIntervals(session.recorded),
      ...{ isFinal: true, timelineZeroAtMs: null, withdrawnAtMs: null },
    },
    countedMedia: parseIntervals(stored?.media ?? '{}'),
    countedClockByDay: new Map([[day.fromMs, today?.ms ?? 0]]),
  };
  return judgeSession(facts, session.settledToMs, nowMs, VIEWING);
}

/** The line of truth, read after the commit. */
async function answer(client: PoolClient, userId: UserId, beat: Beat, taken: Taken): Promise<BeatAck> {
  const { session, coverage, holdsLease } = taken;
  const { playbackId, seq } = beat;
  const [pending] = await rowsOf<{ ms: number }>(client, 'pending', [playbackId]);
  const [posted] = await rowsOf<{ seconds: number }>(client, 'posted', [userId, session.lineageId]);
  const completed = await rowsOf(client, 'completed', [userId, session.unitId]);
  const [cut, recorded] = [parseIntervals(session.cut), parseIntervals(session.recorded)];
  const sets = { media: parseIntervals(coverage.media), clock: parseIntervals(coverage.clock) };
  const watched = intersect(sets.media, cut);
  return {
    acknowledged: [{ playbackId, seq }],
    summary: {
      ...{ watchedMs: lengthMs(watched), watched: [...watched], validMs: validMs(sets, cut, recorded) },
      ...{ pendingMs: pending?.ms ?? 0, postedSeconds: posted?.seconds ?? 0 },
      ...{ requiredMs: requiredMs(cut, recorded), grantsSeconds: Math.floor(lengthMs(cut) / 1_000) },
      completed: completed.length > 0,
    },
    holdsLease,
  };
}

/** What a beat claims, by the server's clock; pages of this bench only play. */
function claimsOf({ spans }: Beat, openedAtMs: number, arrivedAtMs: number): Claim[] {
  return spans.flatMap((span): Claim[] => {
    if (span.did !== 'played') return [];
    const clock = { fromMs: openedAtMs + span.clockFromMs, toMs: openedAtMs + span.clockToMs };
    const media = { fromMs: span.mediaFromMs, toMs: span.mediaToMs };
    return [{ did: 'played', clock, media, hidden: span.hidden, arrivedAtMs }];
  });
}

async function rowsOf<Row>(
  client: PoolClient,
  name: keyof typeof STATEMENTS,
  values: unknown[],
): Promise<Row[]> {
  const { rows } = await client.query({ name, text: STATEMENTS[name], values });
  return rows as Row[]; // Each statement names its columns so.
}
