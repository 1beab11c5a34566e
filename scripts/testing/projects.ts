import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CHECKOUT, inCheckout } from '../host/paths.ts';
import { exitOf } from '../services/running.ts';
import type { Parts } from '../setup/parts.ts';
import { type Report, type Tally, tally } from './tally.ts';

/** vitest's projects, in the order in which they are run: the quick ones first. */
export const PROJECTS = ['unit', 'integration', 'journeys'] as const;
export type Project = (typeof PROJECTS)[number];

/** Runs one project, its output on our console. */
export async function runProject(project: Project, parts: Parts, filters: string[] = []): Promise<Tally> {
  const folder = mkdtempSync(path.join(tmpdir(), 'yike-report-'));
  const reportFile = path.join(folder, 'report.json');
  const vitest = inCheckout('node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  try {
    const child = spawn(process.execPath, [vitest, 'run', '--project', project, ...reporters, ...filters], {
      cwd: CHECKOUT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, FFMPEG_PATH: parts.ffmpegPath, MEDIASOUP_WORKER_BIN: parts.workerBin },
    });
    const { code } = await exitOf(child);
    return tally(readReport(reportFile), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report; // vitest's own format.
  } catch {
    return undefined; // It crashed before it wrote one, or while.
  }
}
