import type { Claim } from '../../api/src/domain/claims.ts';
import { SEGMENT_MS, type ServerModel } from './server-model.ts';

/** A number in [0, 1); the same ones for the same seed (mulberry32). */
export type Chance = () => number;
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Everything happens in steps of the clock, so that the oracle can count cells. */
const STEP_MS = 200;
const CELL_MS = 100;
export const TIMELINE_MS = 480_000;
const RATES = [0.5, 1, 1, 1, 1, 1.5];
const BEAT_MS = 10_000;
const GRACE_MS = 600_000;

/** One step that a player really played, as the oracle hears of it. */
export interface PlayedStep {
  readonly clockMs: number;
  readonly mediaMs: number;
  readonly mediaStepMs: number;
  readonly span: OpenSpan;
}

interface OpenSpan {
  did: 'played' | 'paused' | 'stalled';
  hidden: boolean;
  rate: number;
  fromMs: number;
  toMs: number;
  mediaFromMs: number;
  mediaToMs: number;
  /** When its beat was first committed; null: never. */
  arrivedAtMs: number | null;
}

interface KeptBeat {
  readonly id: string;
  readonly seq: number;
  readonly spans: OpenSpan[];
  readonly proofs: number[];
}

/** One tab: a player that beats, reloads, loses its network, and never forgets what was not acknowledged. */
class Tab {
  id = '';
  seq = 0;
  state: OpenSpan['did'] = 'paused';
  hidden = false;
  rate = 1;
  mediaMs = 0;
  holds = false;
  /** It goes on for a moment after another took the lease. */
  lostSinceMs: number | null = null;
  offlineUntilMs = 0;
  spans: OpenSpan[] = [];
  loaded = new Set<number>();
  fresh: number[] = [];
  unsent: KeptBeat[] = [];
  nextBeatMs = 0;
}

/** What one random schedule really played, and what the server made of it. */
export function runSchedule(server: ServerModel, chance: Chance): PlayedStep[] {
  const tabs = Array.from({ length: chance() < 0.5 ? 1 : 2 }, () => new Tab());
  const steps: PlayedStep[] = [];
  const startMs = 1_800_000_000_000;
  const endMs = startMs + 60_000 + Math.floor(chance() * 120) * 1_000;
  let sessions = 0;
  const reload = (tab: Tab, nowMs: number): void => {
    finishBeat(tab);
    const kept = tab.unsent;
    const { mediaMs, offlineUntilMs } = tab;
    Object.assign(tab, new Tab(), {
      id: `session-${(sessions += 1)}`,
      unsent: kept,
      mediaMs,
      offlineUntilMs,
      nextBeatMs: nowMs + BEAT_MS,
    });
    server.open(tab.id, nowMs);
  };
  for (const tab of tabs) reload(tab, startMs);

  for (let nowMs = startMs; nowMs < endMs; nowMs += STEP_MS) {
    for (const tab of tabs) act(tab, tabs, server, nowMs, chance, reload);
    for (const tab of tabs) {
      step(tab, server, nowMs, steps);
      if (nowMs + STEP_MS >= tab.nextBeatMs) {
        finishBeat(tab);
        tab.nextBeatMs += BEAT_MS;
      }
      transmit(tab, server, nowMs + STEP_MS, chance);
    }
    if (chance() < 0.005) server.sweep(nowMs + STEP_MS);
  }
  const lastMs = endMs + (chance() < 0.05 ? GRACE_MS : 2_000);
  for (const tab of tabs) {
    finishBeat(tab);
    tab.offlineUntilMs = 0;
    while (tab.unsent.length > 0) transmit(tab, server, lastMs, chance);
  }
  server.sweep(lastMs + 2 * GRACE_MS);
  return steps;
}

function act(
  tab: Tab,
  tabs: Tab[],
  server: ServerModel,
  nowMs: number,
  chance: Chance,
  reload: (tab: Tab, nowMs: number) => void,
): void {
  const dice = chance();
  if (tab.lostSinceMs !== null && nowMs - tab.lostSinceMs >= 1_000) {
    tab.lostSinceMs = null;
    tab.state = 'paused';
  }
  if (dice < 0.003) reload(tab, nowMs);
  else if (dice < 0.006) tab.offlineUntilMs = nowMs + Math.floor(chance() * 60_000);
  else if (dice < 0.012) tab.mediaMs = Math.floor(chance() * 100) * SEGMENT_MS;
  else if (dice < 0.018) tab.rate = RATES[Math.floor(chance() * RATES.length)] ?? 1;
  else if (dice < 0.022) tab.hidden = !tab.hidden;
  else if (dice < 0.026) tab.state = 'stalled';
  else if (dice < 0.03) tab.state = 'paused';
  else if (dice < 0.08 && nowMs >= tab.offlineUntilMs && tab.state !== 'played') {
    for (const other of tabs) {
      if (other !== tab && other.holds) Object.assign(other, { holds: false, lostSinceMs: nowMs });
    }
    server.take(tab.id, nowMs);
    Object.assign(tab, { holds: true, lostSinceMs: null, state: 'played' });
  }
}

/** One step of the player: it loads what it plays, and remembers what it did. */
function step(tab: Tab, server: ServerModel, nowMs: number, steps: PlayedStep[]): void {
  const mediaStepMs = STEP_MS * tab.rate;
  if (tab.state === 'played' && tab.mediaMs + mediaStepMs > TIMELINE_MS) tab.state = 'paused';
  if (tab.state === 'played' && !load(tab, server, nowMs, mediaStepMs)) tab.state = 'stalled';
  const { state, hidden, rate, mediaMs } = tab;
  const last = tab.spans.at(-1);
  const goesOn =
    last?.did === state &&
    (state !== 'played' || (last.hidden === hidden && last.rate === rate && last.mediaToMs === mediaMs)) &&
    nowMs - last.fromMs < BEAT_MS;
  const span: OpenSpan = goesOn
    ? last
    : {
        did: state,
        hidden,
        rate,
        fromMs: nowMs,
        toMs: nowMs,
        mediaFromMs: mediaMs,
        mediaToMs: mediaMs,
        arrivedAtMs: null,
      };
  if (!goesOn) tab.spans.push(span);
  span.toMs = nowMs + STEP_MS;
  if (state !== 'played') return;
  span.mediaToMs = mediaMs + mediaStepMs;
  if (tab.holds && !hidden) steps.push({ clockMs: nowMs, mediaMs, mediaStepMs, span });
  tab.mediaMs += mediaStepMs;
}

/** Asks for the segments of the next moment; without a network only what is there can be played. */
function load(tab: Tab, server: ServerModel, nowMs: number, mediaStepMs: number): boolean {
  const last = Math.floor((tab.mediaMs + mediaStepMs - 1) / SEGMENT_MS);
  for (let seq = Math.floor(tab.mediaMs / SEGMENT_MS); seq <= last; seq += 1) {
    if (tab.loaded.has(seq)) continue;
    if (nowMs < tab.offlineUntilMs) return false;
    server.request(tab.id, seq, nowMs);
    tab.loaded.add(seq);
    tab.fresh.push(seq);
  }
  return true;
}

function finishBeat(tab: Tab): void {
  if (tab.spans.length === 0) return;
  tab.seq += 1;
  tab.unsent.push({ id: tab.id, seq: tab.seq, spans: tab.spans, proofs: tab.fresh });
  tab.spans = [];
  tab.fresh = [];
}

/** Sends what is not acknowledged, in any order; the batch or its acknowledgement may be lost, and the server may die before it commits. */
function transmit(tab: Tab, server: ServerModel, nowMs: number, chance: Chance): void {
  if (tab.unsent.length === 0 || nowMs < tab.offlineUntilMs || chance() < 0.3) return;
  const batch = tab.unsent.toSorted(() => chance() - 0.5);
  if (chance() < 0.2) return; // Lost on the way, or the server was killed in the middle of the batch.
  const committed = batch.map(({ id, seq, spans, proofs }) => ({
    id,
    seq,
    proofs,
    claims: spans.map((span) => claimOf(span, nowMs)),
  }));
  server.commit(committed, nowMs);
  for (const { spans } of batch) for (const span of spans) span.arrivedAtMs ??= nowMs;
  if (chance() < 0.1) server.commit(committed, nowMs); // The same again.
  if (chance() < 0.2) return; // Committed, and the acknowledgement lost.
  tab.unsent = [];
}

const claimOf = (span: OpenSpan, arrivedAtMs: number): Claim => {
  const clock = { fromMs: span.fromMs, toMs: span.toMs };
  if (span.did !== 'played') return { did: span.did, clock, arrivedAtMs };
  const media = { fromMs: span.mediaFromMs, toMs: span.mediaToMs };
  return { did: 'played', clock, media, hidden: span.hidden, arrivedAtMs };
};

/** The oracle: a cell of the clock, and of the media, for each step that counts. It knows nothing of intervals or verdicts. */
export function countCells(steps: readonly PlayedStep[]): { mediaMs: number; clockMs: number } {
  const media = new Uint8Array(TIMELINE_MS / CELL_MS + 4);
  const clock = new Set<number>();
  for (const { clockMs, mediaMs, mediaStepMs, span } of steps) {
    if (span.arrivedAtMs === null || span.arrivedAtMs - span.toMs > GRACE_MS) continue;
    for (let ms = clockMs; ms < clockMs + STEP_MS; ms += CELL_MS) clock.add(ms);
    for (let ms = mediaMs; ms < mediaMs + mediaStepMs; ms += CELL_MS) media[ms / CELL_MS] = 1;
  }
  return { mediaMs: media.reduce((sum, bit) => sum + bit, 0) * CELL_MS, clockMs: clock.size * CELL_MS };
}
