import type { Beat } from '@yike/contracts/realtime/viewing';
import type { Pool } from 'pg';
import { played } from '../api/src/features/viewing/testing/viewer.ts';
import { SEGMENT_MS, segmentHash } from '../api/src/features/viewing/testing/viewing-api.ts';
import { ApiScene } from './api/api-scene.ts';
import { publishUnit, requestAll, seatSpectators, type Spectator, type Unit } from './api/audience.ts';
import { PortalWire } from './api/portal-wire.ts';
import type { BenchLine } from './bench.ts';
import { median } from './median.ts';
import { cpuSeconds, familyCpuSeconds } from './process-cpu.ts';

/** Pages that beat at once, every ten seconds of the API's clock. */
const SPECTATORS = 1_500;
const BEAT_MS = 10_000;
const UNIT_MS = 600_000;
const OPENED_AT_MS = Date.UTC(2026, 10, 20, 2);
/** Rounds of beats: to warm up, and in blocks that are measured; plain rows between the blocks. */
const WARM_UP_ROUNDS = 6;
const BLOCKS = 5;
const ROUNDS_A_BLOCK = 6;
const CONNECT_AT_ONCE = 50;
const WRITERS = 8;
const ROWS_MS = 2_000;
const GOAL = { ratio: 10, perCore: 10_000 };

interface Seat {
  readonly spectator: Spectator;
  readonly wire: PortalWire;
}

/** The beats of one block. */
interface Block {
  readonly perSecond: number;
  /** Of the API's process alone. */
  readonly perApiCpuSecond: number;
  readonly perDatabaseCpuSecond: number;
}

/**
 * Beats of many pages from the socket into committed coverage, each acknowledged with the line of truth, through the built API and a durable
 * PostgreSQL; beside the same time written into the same database a row and a transaction each.
 */
export default async function beats(): Promise<BenchLine> {
  const scene = await ApiScene.start();
  try {
    await scene.api.setClock(OPENED_AT_MS);
    const unit = await publishUnit(scene.database, UNIT_MS);
    const spectators = await seatSpectators(scene.database, unit, SPECTATORS, OPENED_AT_MS);
    await requestAll(scene.database, spectators, UNIT_MS);
    const audience = await Audience.connect(scene, unit, spectators);
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await audience.round();

    await scene.database.query(
      'CREATE TABLE bench_coverages (user_id uuid PRIMARY KEY, media int8multirange, clock int8multirange)',
    );
    const blocks: Block[] = [];
    const rows: number[] = [];
    for (let block = 0; block < BLOCKS; block += 1) {
      blocks.push(await audience.block());
      rows.push(await plainRows(scene.database, spectators));
    }
    audience.close();
    const isWhole = (await creditedMs(scene.database)) === spectators.length * audience.playedMs;
    const perSecond = median(blocks.map((each) => each.perSecond));
    const perCore = median(blocks.map((each) => each.perApiCpuSecond));
    const ratio = perSecond / median(rows);
    return {
      name: 'beats',
      value: Math.round(perCore),
      unit: "beats per second of the API's CPU, into committed coverage",
      goal: `at least ${GOAL.perCore} a core, and at least ${GOAL.ratio} x of one row a transaction`,
      ok: isWhole && perCore >= GOAL.perCore && ratio >= GOAL.ratio,
      details: {
        ratio: Math.round(ratio * 100) / 100,
        beatsPerSecond: Math.round(perSecond),
        rowsPerSecond: Math.round(median(rows)),
        beatsPerDatabaseCpuSecond: Math.round(median(blocks.map((each) => each.perDatabaseCpuSecond))),
        spectators: spectators.length,
        creditedIsWhatWasPlayed: isWhole,
      },
    };
  } finally {
    await scene.close();
  }
}

/** All pages together: each round the clock moves, and every page tells what it played since. */
class Audience {
  readonly #scene: ApiScene;
  readonly #seats: readonly Seat[];
  readonly #hashes: readonly string[];
  #rounds = 0;

  private constructor(scene: ApiScene, unit: Unit, seats: readonly Seat[]) {
    this.#scene = scene;
    this.#seats = seats;
    this.#hashes = Array.from({ length: UNIT_MS / SEGMENT_MS }, (_, seq) =>
      segmentHash(unit.lineageId, `0/video/${seq}`),
    );
  }

  static async connect(scene: ApiScene, unit: Unit, spectators: readonly Spectator[]): Promise<Audience> {
    const seats: Seat[] = [];
    for (let from = 0; from < spectators.length; from += CONNECT_AT_ONCE) {
      const some = spectators.slice(from, from + CONNECT_AT_ONCE).map(async (spectator) => {
        return { spectator, wire: await PortalWire.open(scene.api.origin, spectator.cookie) };
      });
      seats.push(...(await Promise.all(some)));
    }
    return new Audience(scene, unit, seats);
  }

  /** Media that every page has played so far. */
  get playedMs(): number {
    return this.#rounds * BEAT_MS;
  }

  async round(): Promise<void> {
    const fromMs = this.playedMs;
    this.#rounds += 1;
    await this.#scene.api.setClock(OPENED_AT_MS + this.playedMs);
    const span = played(fromMs, this.playedMs, fromMs, this.playedMs);
    const proofs = this.#proofs(fromMs, this.playedMs);
    await Promise.all(
      this.#seats.map(async ({ spectator: { playbackId }, wire }) => {
        const beat = { playbackId, seq: this.#rounds, spans: [span], proofs, positionMs: this.playedMs };
        const reply = await wire.beat({ beats: [beat] });
        if (!reply.ok) throw new Error(`a beat was refused: ${reply.problem.code}`);
      }),
    );
  }

  /** Some rounds, and what they cost. */
  async block(): Promise<Block> {
    const { api, postgres } = this.#scene;
    const cpu = () => [cpuSeconds(api.pid), familyCpuSeconds(postgres.pid)] as const;
    const [apiBefore, databaseBefore] = cpu();
    const startedAt = performance.now();
    for (let round = 0; round < ROUNDS_A_BLOCK; round += 1) await this.round();
    const seconds = (performance.now() - startedAt) / 1_000;
    const [apiAfter, databaseAfter] = cpu();
    const beats = this.#seats.length * ROUNDS_A_BLOCK;
    return {
      perSecond: beats / seconds,
      perApiCpuSecond: beats / (apiAfter - apiBefore),
      perDatabaseCpuSecond: beats / (databaseAfter - databaseBefore),
    };
  }

  close(): void {
    for (const { wire } of this.#seats) wire.close();
  }

  /** Each segment is proven with the beat that first reaches into it. */
  #proofs(fromMs: number, toMs: number): Beat['proofs'] {
    return this.#hashes
      .map((sha256, seq) => ({ segment: `0/video/${seq}`, sha256, startMs: seq * SEGMENT_MS }))
      .filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
      .map(({ segment, sha256 }) => ({ segment, sha256 }));
  }
}

/**
 * The peer: the time of each beat united with its resident's row, each in a transaction of its own, by several connections at once; without
 * sessions, evidence and verdicts, and without a socket. @returns rows a second
 */
async function plainRows(database: Pool, spectators: readonly Spectator[]): Promise<number> {
  const startedAt = performance.now();
  const passedMs = (): number => performance.now() - startedAt;
  let written = 0;
  const write = async (): Promise<void> => {
    while (passedMs() < ROWS_MS) {
      const beat = Math.floor(written / spectators.length);
      const { userId } = spectators[written % spectators.length] ?? {};
      written += 1;
      const played = `{[${beat * BEAT_MS},${(beat + 1) * BEAT_MS})}`;
      await database.query(
        `INSERT INTO bench_coverages VALUES ($1, $2, $2) ON CONFLICT (user_id) DO UPDATE
         SET media = bench_coverages.media + excluded.media, clock = bench_coverages.clock + excluded.clock`,
        [userId, played],
      );
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return written / (passedMs() / 1_000);
}

/** Media and clock that are committed, the lesser of the two, of all residents. */
async function creditedMs(database: Pool): Promise<number> {
  const { rows } = await database.query<{ ms: string }>(
    `SELECT sum(LEAST(
       (SELECT sum(upper(r) - lower(r)) FROM unnest(media) AS r), (SELECT sum(upper(r) - lower(r)) FROM unnest(clock) AS r)
     )) AS ms FROM coverages`,
  );
  return Number(rows[0]?.ms ?? 0);
}
