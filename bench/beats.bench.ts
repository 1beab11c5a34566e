import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';
import { ApiScene } from './api/api-scene.ts';
import { publishUnit, requestAll, seatSpectators, type Spectator, type Unit } from './api/audience.ts';
import { RunningApi } from './api/running-api.ts';
import { Audience } from './beats/audience.ts';
import type { OneByOneConfig } from './beats/one-by-one-process.ts';
import { makePlainTable, plainRows } from './beats/plain-rows.ts';
import type { BenchLine } from './bench.ts';
import { median } from './median.ts';
import { cpuSeconds, familyCpuSeconds } from './process-cpu.ts';

/** Pages that beat every ten seconds of the clock, at the API and at its peer. */
const SPECTATORS = 1_500;
const UNIT_MS = 600_000;
const OPENED_AT_MS = Date.UTC(2026, 10, 20, 2);
const WARM_UP_ROUNDS = 6;
/** Blocks in turn; rounds of beats in each, so many that both take a second or three. */
const BLOCKS = 5;
const ROUNDS_A_BLOCK = { ours: 6, peer: 2 };
const PEER_CONNECTIONS = 10;
const PLAIN_ROWS_MS = 1_000;
const GOAL = { ratio: 10, perCore: 10_000 };
const PEER_SCRIPT = fileURLToPath(new URL('beats/one-by-one-process.ts', import.meta.url));

/** One side: who serves, who watches, and what is measured of it. */
interface Side {
  readonly api: RunningApi;
  readonly spectators: readonly Spectator[];
  readonly audience: Audience;
  readonly blocks: Block[];
}

/** The beats of one block. */
interface Block {
  readonly perSecond: number;
  /** Of the serving process alone. */
  readonly perServerCpuSecond: number;
  readonly perDatabaseCpuSecond: number;
  /** Of both together. */
  readonly perCpuSecond: number;
}

/**
 * Beats of many pages from the socket into committed coverage, each acknowledged with the line of truth, through the built API and a durable
 * PostgreSQL; in turn with a peer that does the same for each beat in a transaction of its own.
 */
export default async function beats(): Promise<BenchLine> {
  const scene = await ApiScene.start();
  const config: OneByOneConfig = { databaseUrl: scene.appUrl, connections: PEER_CONNECTIONS };
  const peerApi = await RunningApi.start(config, { script: PEER_SCRIPT });
  try {
    const unit = await publishUnit(scene.database, UNIT_MS);
    const ours = await seat(scene, scene.api, unit);
    const peer = await seat(scene, peerApi, unit);
    await leaveAlone(scene.database, peer.spectators);
    await makePlainTable(scene.database);
    await ours.audience.play(WARM_UP_ROUNDS);
    await peer.audience.play(1);
    const rows: number[] = [];
    for (let block = 0; block < BLOCKS; block += 1) {
      ours.blocks.push(await measure(scene, ours, ROUNDS_A_BLOCK.ours));
      peer.blocks.push(await measure(scene, peer, ROUNDS_A_BLOCK.peer));
      rows.push(await plainRows(scene.database, peer.spectators, PLAIN_ROWS_MS));
    }
    const isWhole = (await isCredited(scene.database, ours)) && (await isCredited(scene.database, peer));
    const perCore = middle(ours, 'perServerCpuSecond');
    const ratio = middle(ours, 'perSecond') / middle(peer, 'perSecond');
    return {
      name: 'beats',
      value: Math.round(perCore),
      unit: "beats per second of the API's CPU, into committed coverage",
      goal: `at least ${GOAL.perCore} a core, and at least ${GOAL.ratio} x of a transaction for each beat`,
      ok: isWhole && perCore >= GOAL.perCore && ratio >= GOAL.ratio,
      details: {
        ratio: rounded(ratio),
        // On a machine that does other work the many connections of the peer get more of it than our one or two.
        ratioByCpu: rounded(middle(ours, 'perCpuSecond') / middle(peer, 'perCpuSecond')),
        ours: figures(ours),
        oneByOne: figures(peer),
        plainRowsPerSecond: Math.round(median(rows)),
        spectators: SPECTATORS,
        creditedIsWhatWasPlayed: isWhole,
      },
    };
  } finally {
    await peerApi.stop();
    await scene.close();
  }
}

async function seat({ database }: ApiScene, api: RunningApi, unit: Unit): Promise<Side> {
  await api.setClock(OPENED_AT_MS);
  const spectators = await seatSpectators(database, unit, SPECTATORS, OPENED_AT_MS);
  await requestAll(database, spectators, UNIT_MS);
  return {
    api,
    spectators,
    audience: await Audience.connect(api, OPENED_AT_MS, unit, spectators),
    blocks: [],
  };
}

/** The API judges again who has fallen silent, by its own clock: not the sessions of the peer. */
async function leaveAlone(database: Pool, spectators: readonly Spectator[]): Promise<void> {
  await database.query('UPDATE playbacks SET is_settled = true WHERE id = ANY($1)', [
    spectators.map(({ playbackId }) => playbackId),
  ]);
}

/** Some rounds, and what they cost. */
async function measure({ postgres }: ApiScene, { api, audience }: Side, rounds: number): Promise<Block> {
  const cpu = () => [cpuSeconds(api.pid), familyCpuSeconds(postgres.pid)] as const;
  const [serverBefore, databaseBefore] = cpu();
  const startedAt = performance.now();
  const beats = await audience.play(rounds);
  const seconds = (performance.now() - startedAt) / 1_000;
  const [serverAfter, databaseAfter] = cpu();
  const [server, database] = [serverAfter - serverBefore, databaseAfter - databaseBefore];
  return {
    perSecond: beats / seconds,
    perServerCpuSecond: beats / server,
    perDatabaseCpuSecond: beats / database,
    perCpuSecond: beats / (server + database),
  };
}

const rounded = (ratio: number): number => Math.round(ratio * 100) / 100;

const middle = ({ blocks }: Side, figure: keyof Block): number =>
  median(blocks.map((block) => block[figure]));

const figures = (side: Side): Record<keyof Block, number> => ({
  perSecond: Math.round(middle(side, 'perSecond')),
  perServerCpuSecond: Math.round(middle(side, 'perServerCpuSecond')),
  perDatabaseCpuSecond: Math.round(middle(side, 'perDatabaseCpuSecond')),
  perCpuSecond: Math.round(middle(side, 'perCpuSecond')),
});

/** Whether what is committed for everyone, media or clock, whichever is less, is what they played. */
async function isCredited(database: Pool, { spectators, audience }: Side): Promise<boolean> {
  const { rows } = await database.query<{ ms: string }>(
    `SELECT sum(LEAST(
       (SELECT sum(upper(r) - lower(r)) FROM unnest(media) AS r), (SELECT sum(upper(r) - lower(r)) FROM unnest(clock) AS r)
     )) AS ms FROM coverages WHERE user_id = ANY($1)`,
    [spectators.map(({ userId }) => userId)],
  );
  return Number(rows[0]?.ms ?? 0) === spectators.length * audience.playedMs;
}
