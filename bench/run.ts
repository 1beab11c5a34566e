// `npm run bench -- NAME…`: sets up as `npm start` does, then runs one measurement after the other.
// Each prints one JSON line last. The exit code is 1 only where one broke: a missed goal is an honest line.
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runMain, SetupFailure } from '../scripts/host/failure.ts';
import { CHECKOUT } from '../scripts/host/paths.ts';
import { exitOf } from '../scripts/services/running.ts';
import { provideParts } from '../scripts/setup/parts.ts';
import { Steps } from '../scripts/setup/steps.ts';
import { type BenchLine, type BenchMessage, DEFAULT_LIMIT_MS } from './bench.ts';
import { cpuTimes, idlePercent } from './cpu.ts';

const SUFFIX = '.bench.ts';

await runMain(async () => {
  const known = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (wanted.length === 0 || unknown.length > 0) {
    const what = unknown.length === 0 ? 'Say what to measure' : `There is no bench "${unknown.join('", "')}"`;
    throw new SetupFailure(`${what}: npm run bench -- ${known.join(' ')}`);
  }
  const { ffmpegPath, workerBin } = await provideParts(new Steps((line) => console.log(line)));
  const env = { ...process.env, FFMPEG_PATH: ffmpegPath, MEDIASOUP_WORKER_BIN: workerBin };
  let broken = 0;
  for (const name of wanted) {
    const before = cpuTimes();
    const line = await measure(name, env);
    console.log(`${name}: ${idlePercent(before, cpuTimes())} % of the machine was idle`);
    console.log(JSON.stringify(line ?? { name, value: null, ok: false, details: { broken: true } }));
    if (line === undefined) broken += 1;
  }
  return broken === 0 ? 0 : 1;
});

/** @returns `undefined` where the bench broke or did not end in time; its own output says more */
async function measure(name: string, env: NodeJS.ProcessEnv): Promise<BenchLine | undefined> {
  const script = path.join(import.meta.dirname, 'run-one.ts');
  const child = fork(script, [path.join(import.meta.dirname, `${name}${SUFFIX}`)], { cwd: CHECKOUT, env });
  let line: BenchLine | undefined;
  const end = (limitMs: number): void => {
    console.error(`${name} did not end within ${limitMs / 1_000} s.`);
    child.kill('SIGKILL');
  };
  let late = setTimeout(end, DEFAULT_LIMIT_MS, DEFAULT_LIMIT_MS);
  child.on('message', (message) => {
    const said = message as BenchMessage; // From run-one.ts alone.
    if ('line' in said) line = said.line;
    else {
      clearTimeout(late);
      late = setTimeout(end, said.limitMs, said.limitMs);
    }
  });
  await exitOf(child);
  clearTimeout(late);
  return line;
}
