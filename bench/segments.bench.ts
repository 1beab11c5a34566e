import { ApiScene } from './api/api-scene.ts';
import { publishUnit, seatSpectators, type Spectator } from './api/audience.ts';
import type { BenchLine } from './bench.ts';
import { median } from './median.ts';
import { cpuSeconds, familyCpuSeconds } from './process-cpu.ts';
import { type Answer, requestAll, type Wanted } from './segments/requests.ts';
import { keyOf, SEGMENT_BYTES, SegmentStorage } from './segments/storage.ts';

const SEGMENT_MS = 4_000;
/** As much as a player may ask for at once: what is asked faster is a burst. */
const SEGMENTS = 22;
const ROUNDS = 5;
/** A process that has just begun still compiles what it runs: its costs settle after some forty thousand requests. */
const WARM_UP_ROUNDS = 10;
const SPECTATORS_A_ROUND = 100;
/** Of the bytes themselves fewer do: each costs as much as any other. */
const OBJECTS_A_ROUND = 600;
const GOAL = 20;

/** Requests per CPU-second, of whoever answers them. */
interface Rates {
  readonly api: number;
  readonly database: number;
  readonly storage: number;
  readonly streaming: number;
  /** Of pictures alone: the sound of a segment is a tenth of its bytes. */
  readonly streamingPictures: number;
  /** Of storage again, while it serves the server that streams. */
  readonly storageBehind: number;
}

/**
 * Segments of a replay as players ask for them: the API answers with a redirect (whose session it is, which segment, a note for the evidence,
 * a signed address), and storage serves the bytes. Beside it the same bytes through a server of Node that only streams.
 */
export default async function segments(): Promise<BenchLine> {
  const storage = await SegmentStorage.start();
  try {
    await storage.fill(SEGMENTS);
    const scene = await ApiScene.start(storage.access);
    try {
      return lineOf(await measure(scene, storage));
    } finally {
      await scene.close();
    }
  } finally {
    await storage.stop();
  }
}

async function measure(scene: ApiScene, storage: SegmentStorage): Promise<Rates[]> {
  const unit = await publishUnit(scene.database, SEGMENTS * SEGMENT_MS, keyOf);
  const seat = async (): Promise<Wanted[]> =>
    segmentsFor(await seatSpectators(scene.database, unit, SPECTATORS_A_ROUND, Date.now()), scene.api.origin);
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await requestAll(await seat());
  const rounds: Rates[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const wanted = await seat();
    const {
      rate: api,
      others,
      answers,
    } = await ratesOf(
      wanted,
      () => cpuSeconds(scene.api.pid),
      () => familyCpuSeconds(scene.postgres.pid),
    );
    expectAll(answers, ({ status }) => status === 302);
    const throughNode = ({ url }: Wanted): Wanted => ({
      url: `${storage.streamingOrigin}${url.slice(storage.access.endpoint.length)}`,
    });
    const objects = answers.slice(0, OBJECTS_A_ROUND).map(({ location = '' }) => ({ url: location }));
    const direct = await ratesOf(objects, () => cpuSeconds(storage.pids.storage));
    const streamed = await ratesOf(
      objects.map(throughNode),
      () => cpuSeconds(storage.pids.streaming),
      () => cpuSeconds(storage.pids.storage),
    );
    const pictures = await ratesOf(
      objects.filter(({ url }) => url.includes('/video/')).map(throughNode),
      () => cpuSeconds(storage.pids.streaming),
    );
    for (const answered of [direct.answers, streamed.answers, pictures.answers]) {
      expectAll(answered, ({ status, bytes }) => status === 200 && bytes >= SEGMENT_BYTES.audio);
    }
    const rates = { api, database: others, storage: direct.rate, streaming: streamed.rate };
    // The first round warms the two others up.
    if (round > 0)
      rounds.push({ ...rates, streamingPictures: pictures.rate, storageBehind: streamed.others });
  }
  return rounds;
}

/** Requests per CPU-second of the one who answers, and of another who helps. */
async function ratesOf(wanted: readonly Wanted[], cpu: () => number, othersCpu: () => number = () => 0) {
  const [before, othersBefore] = [cpu(), othersCpu()];
  const answers = await requestAll(wanted);
  return {
    answers,
    rate: wanted.length / (cpu() - before),
    others: wanted.length / (othersCpu() - othersBefore),
  };
}

/** Everyone's first segment, then everyone's second: sound and picture in turn, as players ask who watch at the same time. */
const segmentsFor = (spectators: readonly Spectator[], origin: string): Wanted[] =>
  Array.from({ length: 2 * SEGMENTS }, (_, index) => {
    const track = index % 2 === 0 ? 'video' : 'audio';
    return spectators.map(({ token, cookie }) => ({
      url: `${origin}/playback/${token}/s/0/${track}/${index >> 1}.m4s`,
      cookie,
    }));
  }).flat();

function expectAll(answers: readonly Answer[], isRight: (answer: Answer) => boolean): void {
  const wrong = answers.find((answer) => !isRight(answer));
  if (wrong !== undefined) throw new Error(`a segment was answered with ${JSON.stringify(wrong)}`);
}

function lineOf(rounds: readonly Rates[]): BenchLine {
  const rate = (of: keyof Rates): number => median(rounds.map((each) => each[of]));
  const together = (...rates: number[]): number => 1 / rates.reduce((seconds, each) => seconds + 1 / each, 0);
  const ratio = median(rounds.map(({ api, streaming }) => api / streaming));
  const redirected = together(rate('api'), rate('storage'));
  const streamed = together(rate('streaming'), rate('storageBehind'));
  return {
    name: 'segments',
    value: Math.round(ratio * 100) / 100,
    unit: 'x the requests per CPU-second: the API that redirects, against Node that streams',
    goal: `the API at least ${GOAL} x; both together are printed`,
    ok: ratio >= GOAL,
    details: {
      requestsPerCpuSecond: {
        api: Math.round(rate('api')),
        streaming: Math.round(rate('streaming')),
        streamingPictures: Math.round(rate('streamingPictures')),
        storage: Math.round(rate('storage')),
        apiAndStorage: Math.round(redirected),
        streamingAndStorage: Math.round(streamed),
        databaseBehindApi: Math.round(rate('database')),
      },
      picturesRatio: Math.round((rate('api') / rate('streamingPictures')) * 100) / 100,
      bothTogetherRatio: Math.round((redirected / streamed) * 100) / 100,
    },
  };
}
