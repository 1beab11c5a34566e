import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CHECKOUT } from '../scripts/host/paths.ts';
import { run } from '../scripts/host/run.ts';
import { exitOf } from '../scripts/services/running.ts';
import { parseStep, type Step } from '../scripts/setup/steps.ts';
import type { BenchLine } from './bench.ts';

/** A clean machine builds the media worker from its source. */
export const timeLimitMs = 20 * 60_000;

const WARM_GOAL_SECONDS = 10;

interface Start {
  seconds: number;
  steps: Step[];
}

/** The two commands of the README, as a newcomer types them: clone, start; and start again. */
export default async function measure(): Promise<BenchLine> {
  const home = mkdtempSync(path.join(tmpdir(), 'yike-setup-'));
  chmodSync(home, 0o755);
  const clone = path.join(home, 'yike');
  try {
    const { code, output } = await run('git', ['clone', '--quiet', '--no-hardlinks', CHECKOUT, clone]);
    if (code !== 0) throw new Error(output);
    const cold = await start(clone, home);
    const warm = await start(clone, home);
    return {
      name: 'setup',
      value: round(warm.seconds),
      unit: 's',
      goal: `a warm start under ${WARM_GOAL_SECONDS} s`,
      ok: warm.seconds < WARM_GOAL_SECONDS,
      details: { coldSeconds: round(cold.seconds), coldSteps: table(cold), warmSteps: table(warm) },
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Starts in the clone with caches of its own, waits for the ready line, and stops again. */
async function start(clone: string, home: string): Promise<Start> {
  const begun = performance.now();
  const cache = path.join(home, 'cache');
  mkdirSync(cache, { recursive: true });
  const given = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|FFMPEG_PATH|MEDIASOUP_|NODE_OPTIONS)/.test(name),
  );
  const child = spawn('npm', ['start'], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...Object.fromEntries(given),
      XDG_CACHE_HOME: cache,
      npm_config_cache: path.join(cache, 'npm'),
      YIKE_PORT: '0',
      YIKE_DATA: path.join(home, 'data'),
    },
  });
  const exited = exitOf(child);
  const steps: Step[] = [];
  let seconds: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line);
    const step = parseStep(line);
    if (step !== undefined) steps.push(step);
    if (!line.startsWith('Yike is ready')) continue;
    seconds = (performance.now() - begun) / 1_000;
    child.kill('SIGINT');
  }
  await exited;
  if (seconds === undefined) throw new Error('the product did not start');
  return { seconds, steps };
}

function table({ steps }: Start): Record<string, string> {
  return Object.fromEntries(
    steps.map(({ name, seconds, note }) => [name, `${seconds.toFixed(1)} s ${note}`.trimEnd()]),
  );
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
