import { Injectable } from '@nestjs/common';
import type { LineageId, PlaybackId, UserId } from '@yike/contracts/ids';
import type { Claim } from '../../domain/claims.ts';
import type { CoverageSets } from '../../domain/completion.ts';
import type { DeliveryEvidence } from '../../domain/delivery.ts';
import { type Interval, intersect, lengthMs, union } from '../../domain/intervals.ts';
import { judgeSession, type Judgement } from '../../domain/judge-session.ts';
import type { LineageFacts } from '../../domain/rule-on-delivery.ts';
import { shanghaiDays } from '../../domain/shanghai-day.ts';
import { isAccepted, type Verdict } from '../../domain/verdicts.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { type TimelineFacts, TimelinesService } from '../timelines/timelines.service.ts';
import { BeatsRepository } from './beats.repository.ts';
import { coverageKey, CoveragesRepository } from './coverages.repository.ts';
import { LeasesRepository } from './leases.repository.ts';
import { type Playback, PlaybacksRepository } from './playbacks.repository.ts';
import { SessionEvidence } from './session-evidence.service.ts';
import { VerdictsRepository } from './verdicts.repository.ts';

/** A session to be judged, from a moment of the server's clock (unix ms). */
export interface JudgingTask {
  readonly playback: Playback;
  readonly fromMs: number;
}

/** What a session's judgement needs beside the resident's running sums. */
interface SessionMaterial {
  readonly claims: readonly Claim[];
  readonly accepted: readonly Verdict[];
  readonly tenures: readonly Interval[];
  readonly evidence: DeliveryEvidence;
  readonly lineage: LineageFacts;
}

const NOTHING: CoverageSets = { media: [], clock: [] };
const NO_EVIDENCE: DeliveryEvidence = { by: 'hls', segments: [] };

/** The sums that judging several sessions of a resident carries from one to the next. */
class RunningSums {
  readonly #grown = new Map<string, CoverageSets & { userId: UserId; lineageId: LineageId }>();

  constructor(
    private readonly coverages: Map<string, CoverageSets>,
    private readonly clockByDay: Map<UserId, Map<number, number>>,
  ) {}

  countedMedia({ userId, lineageId }: Playback) {
    return (this.coverages.get(coverageKey(userId, lineageId)) ?? NOTHING).media;
  }

  countedClockByDay({ userId }: Playback): ReadonlyMap<number, number> {
    return this.clockByDay.get(userId) ?? new Map<number, number>();
  }

  add({ userId, lineageId }: Playback, { media, clock }: Judgement): void {
    if (media.length === 0 && clock.length === 0) return;
    const key = coverageKey(userId, lineageId);
    const known = this.coverages.get(key) ?? NOTHING;
    this.coverages.set(key, { media: union(known.media, media), clock: union(known.clock, clock) });
    const grown = this.#grown.get(key) ?? NOTHING;
    this.#grown.set(key, {
      ...{ userId, lineageId },
      media: union(grown.media, media),
      clock: union(grown.clock, clock),
    });
    const days = this.clockByDay.get(userId) ?? new Map<number, number>();
    for (const day of shanghaiDays(clock)) {
      days.set(day.fromMs, (days.get(day.fromMs) ?? 0) + lengthMs(intersect(clock, [day])));
    }
    this.clockByDay.set(userId, days);
  }

  /** What is to be united with what is stored. */
  get growths() {
    return [...this.#grown.values()];
  }
}

/** Loads the facts of sessions, lets the rules judge them, and writes what came out: coverage, verdicts, how far it is settled. */
@Injectable()
export class JudgingService {
  constructor(
    private readonly playbacks: PlaybacksRepository,
    private readonly leases: LeasesRepository,
    private readonly beats: BeatsRepository,
    private readonly evidence: SessionEvidence,
    private readonly verdicts: VerdictsRepository,
    private readonly coverages: CoveragesRepository,
    private readonly timelines: TimelinesService,
  ) {}

  /** The caller has locked the residents' leases in this transaction. Gives the lineages in which someone's time grew. */
  async judge(
    tasks: readonly JudgingTask[],
    nowMs: number,
    tx: Tx,
  ): Promise<{ userId: UserId; lineageId: LineageId }[]> {
    if (tasks.length === 0) return [];
    const { windows, materials } = await this.load(tasks, tx);
    const sums = await this.sumsOf(windows, nowMs, tx);
    const judged = windows.map(({ playback, fromMs }) => {
      const judgement = judgeSession(
        {
          openedAtMs: playback.openedAtMs,
          closedAtMs: playback.closedAtMs,
          ...materialOf(materials, playback.id),
          countedMedia: sums.countedMedia(playback),
          countedClockByDay: sums.countedClockByDay(playback),
        },
        fromMs,
        nowMs,
        VIEWING,
      );
      sums.add(playback, judgement);
      return { id: playback.id, fromMs, playback, ...judgement };
    });
    await this.coverages.unite(sums.growths, tx);
    await this.verdicts.replace(judged, tx);
    await this.playbacks.setJudged(
      judged.map(({ id, playback, settledToMs }) => ({
        ...{ id, settledToMs },
        isSettled: isSettled(playback, settledToMs, nowMs),
      })),
      nowMs,
      tx,
    );
    await this.leases.setJudgedTo([...new Set(tasks.map(({ playback }) => playback.userId))], nowMs, tx);
    return sums.growths.map(({ userId, lineageId }) => ({ userId, lineageId }));
  }

  private async load(tasks: readonly JudgingTask[], tx: Tx) {
    const asked = tasks.map(({ playback, fromMs }) => ({ playback, id: playback.id, fromMs }));
    const stored = await this.verdicts.after(asked, tx);
    // A verdict is replaced whole: the window begins where the first one that it touches begins.
    const windows = asked.map(({ fromMs, ...task }) => {
      const first = stored.get(task.id)?.[0]?.clock.fromMs ?? fromMs;
      return { ...task, fromMs: Math.min(first, fromMs), openedAtMs: task.playback.openedAtMs };
    });
    const ids = windows.map(({ id }) => id);
    const claims = await this.beats.claims(windows, tx);
    const tenures = await this.leases.tenures(ids, tx);
    const lineages = [...new Set(windows.map(({ playback }) => playback.lineageId))];
    // Before the evidence: what is recorded by now can be proven by now.
    const timelines = await this.timelines.factsOfMany(lineages, tx);
    const evidence = await this.evidence.load(
      windows.map(({ id, playback }) => ({ playback, claims: claims.get(id) ?? [] })),
      tx,
    );
    const materials = new Map(
      windows.map(({ id, playback }): [PlaybackId, SessionMaterial] => [
        id,
        {
          claims: claims.get(id) ?? [],
          accepted: (stored.get(id) ?? []).filter(isAccepted),
          tenures: tenures.get(id) ?? [],
          evidence: evidence.get(id) ?? NO_EVIDENCE,
          lineage: lineageFacts(timelines.get(playback.lineageId)),
        },
      ]),
    );
    return { windows, materials };
  }

  private async sumsOf(windows: readonly JudgingTask[], nowMs: number, tx: Tx): Promise<RunningSums> {
    const pairs = windows.map(({ playback: { userId, lineageId } }) => ({ userId, lineageId }));
    const coverages = await this.coverages.ofPairs(pairs, tx);
    const days = windows.flatMap(({ playback: { userId }, fromMs }) =>
      shanghaiDays([{ fromMs: Math.min(fromMs, nowMs), toMs: nowMs + 1 }]).map((day) => ({ userId, day })),
    );
    const distinct = new Map(days.map((each) => [`${each.userId} ${each.day.fromMs}`, each]));
    const clockByDay = new Map<UserId, Map<number, number>>();
    for (const { userId, fromMs, ms } of await this.coverages.clockWithin([...distinct.values()], tx)) {
      const ofUser = clockByDay.get(userId) ?? new Map<number, number>();
      clockByDay.set(userId, ofUser.set(fromMs, ms));
    }
    return new RunningSums(coverages, clockByDay);
  }
}

function materialOf(materials: ReadonlyMap<PlaybackId, SessionMaterial>, id: PlaybackId): SessionMaterial {
  const material = materials.get(id);
  if (material === undefined) throw new Error('a session was judged that was not loaded');
  return material;
}

const lineageFacts = (timeline: TimelineFacts | undefined): LineageFacts => ({
  recorded: timeline?.recorded ?? [],
  isFinal: timeline?.isFinal ?? false,
  timelineZeroAtMs: timeline?.zeroAtMs ?? null,
  withdrawnAtMs: null,
});

/** Nothing can come any more: closed, the grace for late beats over, and no verdict waits. */
const isSettled = ({ closedAtMs }: Playback, settledToMs: number, nowMs: number): boolean =>
  closedAtMs !== null && settledToMs >= closedAtMs && nowMs > closedAtMs + VIEWING.graceMs;
