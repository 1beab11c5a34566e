import { Injectable } from '@nestjs/common';
import type { PlaybackId, UserId } from '@yike/contracts/ids';
import type { Claim } from '../../domain/claims.ts';
import type { DeliveryEvidence } from '../../domain/delivery.ts';
import type { CoverageSets } from '../../domain/completion.ts';
import type { Interval } from '../../domain/intervals.ts';
import { judgeSession } from '../../domain/judge-session.ts';
import type { LineageFacts } from '../../domain/rule-on-delivery.ts';
import { shanghaiDays } from '../../domain/shanghai-day.ts';
import { isAccepted, type Verdict, verdictChanges, withoutAwaitedSilence } from '../../domain/verdicts.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { type TimelineFacts, TimelinesService } from '../timelines/timelines.service.ts';
import { BeatsRepository } from './beats.repository.ts';
import { coverageKey, CoveragesRepository } from './coverages.repository.ts';
import { DueCompletions } from './due-completions.service.ts';
import { LeasesRepository } from './leases.repository.ts';
import { type LastWord, type Playback, PlaybacksRepository } from './playbacks.repository.ts';
import { SessionEvidence } from './session-evidence.service.ts';
import { NOTHING, type ResidentLineage, RunningSums } from './running-sums.ts';
import { VerdictsRepository } from './verdicts.repository.ts';

/** A session to be judged, from a moment of the server's clock (unix ms). */
export interface JudgingTask {
  readonly playback: Playback;
  readonly fromMs: number;
  /** Of the beats for which it is judged; null for none. */
  readonly word: LastWord | null;
}

/** What came of judging. */
export interface Judged {
  /** Whose time is to be evaluated: it may complete something. */
  readonly due: readonly ResidentLineage[];
  /** The coverage as it is now, by {@link coverageKey}. */
  readonly coverages: ReadonlyMap<string, CoverageSets>;
}

/** What a session's judgement needs beside the resident's running sums. */
interface SessionMaterial {
  readonly claims: readonly Claim[];
  /** The verdicts of its window as they are stored. */
  readonly stored: readonly Verdict[];
  readonly tenures: readonly Interval[];
  readonly evidence: DeliveryEvidence;
  readonly lineage: LineageFacts;
}

const NO_EVIDENCE: DeliveryEvidence = { by: 'hls', segments: [] };

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
    private readonly dueCompletions: DueCompletions,
    private readonly timelines: TimelinesService,
  ) {}

  /** The caller has locked the residents' leases in this transaction. */
  async judge(tasks: readonly JudgingTask[], nowMs: number, tx: Tx): Promise<Judged> {
    if (tasks.length === 0) return { due: [], coverages: new Map() };
    const { windows, materials } = await this.load(tasks, tx);
    const sums = await this.sumsOf(windows, nowMs, tx);
    const judged = windows.map(({ playback, fromMs, word }) => {
      const { stored, ...material } = materialOf(materials, playback.id);
      const judgement = judgeSession(
        {
          openedAtMs: playback.openedAtMs,
          closedAtMs: playback.closedAtMs,
          ...material,
          accepted: stored.filter(isAccepted),
          countedMedia: sums.countedMedia(playback),
          countedClockByDay: sums.countedClockByDay(playback),
        },
        fromMs,
        nowMs,
        VIEWING,
      );
      sums.add(playback, judgement);
      return { id: playback.id, playback, word, stored, ...judgement };
    });
    const due = await this.unite(sums, tasks, tx);
    await this.verdicts.change(
      judged.map(({ id, playback, stored, verdicts }) => {
        const kept = playback.closedAtMs === null ? withoutAwaitedSilence(verdicts) : verdicts;
        return { id, ...verdictChanges(stored, kept) };
      }),
      tx,
    );
    await this.playbacks.setJudged(
      judged.map(({ id, playback, settledToMs, word }) => ({
        ...{ id, settledToMs, word },
        isSettled: isSettled(playback, settledToMs, nowMs),
      })),
      nowMs,
      tx,
    );
    return { due, coverages: sums.coverages };
  }

  /** Writes what has grown. Gives whose time is to be evaluated. */
  private async unite(sums: RunningSums, tasks: readonly JudgingTask[], tx: Tx) {
    const ended = new Set(
      tasks
        .filter(({ playback }) => playback.closedAtMs !== null)
        .map(({ playback }) => coverageKey(playback.userId, playback.lineageId)),
    );
    const covered = sums.covered.map((each) => ({
      ...each,
      hasEnded: ended.has(coverageKey(each.userId, each.lineageId)),
    }));
    const due = await this.dueCompletions.among(covered, tx);
    const growths = covered
      .filter((each) => due.has(each) || each.growth !== null)
      .map((each) => ({ ...each, ...(each.growth ?? NOTHING), isDue: due.has(each) }));
    await this.coverages.unite(growths, tx);
    return [...due];
  }

  private async load(tasks: readonly JudgingTask[], tx: Tx) {
    const asked = tasks.map((task) => ({ ...task, id: task.playback.id }));
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
          stored: stored.get(id) ?? [],
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
    return new RunningSums(pairs, coverages, clockByDay);
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
