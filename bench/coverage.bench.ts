import { lengthMs } from '../api/src/domain/intervals.ts';
import type { BenchLine } from './bench.ts';
import { chanceOf, countCells, runSchedule, TIMELINE_MS } from './viewing/schedule.ts';
import { ServerModel } from './viewing/server-model.ts';

const SCHEDULES = 10_000;
const SEED = 20_261_122;

/**
 * Random schedules of one resident: beats duplicated, reordered, late, lost, acknowledgements lost, reloads, two tabs, a server that dies
 * before it commits. The real rules judge them; an oracle that only counts cells says what must come out.
 */
export default async function coverage(): Promise<BenchLine> {
  let [worstMs, differing, playedMs, mediaMs] = [0, 0, 0, 0];
  const startedAtMs = performance.now();
  for (let schedule = 0; schedule < SCHEDULES; schedule += 1) {
    const server = new ServerModel([{ fromMs: 0, toMs: TIMELINE_MS }]);
    const expected = countCells(runSchedule(server, chanceOf(SEED + schedule)));
    const difference =
      Math.abs(lengthMs(server.media) - expected.mediaMs) +
      Math.abs(lengthMs(server.clock) - expected.clockMs);
    if (difference > 0) differing += 1;
    worstMs = Math.max(worstMs, difference);
    playedMs += expected.clockMs;
    mediaMs += expected.mediaMs;
    if (schedule % 100 === 0) await new Promise(setImmediate);
  }
  return {
    name: 'coverage',
    value: worstMs / 1000,
    unit: 's',
    goal: 'difference 0 s over 10,000 random schedules',
    ok: worstMs === 0,
    details: {
      ...{ schedules: SCHEDULES, seed: SEED, differing },
      countedHours: Math.round(playedMs / 3_600_000),
      mediaHours: Math.round(mediaMs / 3_600_000),
      seconds: Math.round((performance.now() - startedAtMs) / 1000),
    },
  };
}
