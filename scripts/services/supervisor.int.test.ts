import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { freePorts } from '../host/ports.ts';
import { isAlive } from '../host/processes.ts';
import { LogFile } from './log-file.ts';
import { type NodeService, startNodeService } from './node-service.ts';
import { type Service, Supervisor } from './supervisor.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'yike supervisor '));
const diary = path.join(folder, 'diary');
const script = fileURLToPath(new URL('./testing/stand-in.ts', import.meta.url));
const readDiary = (): string[] => readFileSync(diary, 'utf8').trim().split('\n');
let notices: string[];
let pids: Record<string, number>;
let supervisor: Supervisor;

async function standIn(
  name: string,
  env: Record<string, string> = {},
  graceMs = 2_000,
): Promise<Service & { url: string }> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const log = new LogFile({ folder, name });
  const service: NodeService = {
    name,
    script,
    env: { NAME: name, PORT: String(port), DIARY: diary, ...env },
    log,
    ready: { url, withinMs: 10_000 },
    graceMs,
  };
  return {
    name,
    url,
    start: (aborted) => startNodeService(service, aborted),
    lastError: () => log.lastError,
  };
}

beforeEach(() => {
  writeFileSync(diary, '');
  notices = [];
  pids = {};
  supervisor = new Supervisor({ onNotice: (line) => notices.push(line), onChange: (next) => (pids = next) });
});
afterEach(() => supervisor.stop());
afterAll(() => rmSync(folder, { recursive: true }));

it('stops everything in the reverse order of its start', async () => {
  for (const name of ['one', 'two', 'three']) await supervisor.start(await standIn(name));
  expect(Object.keys(pids)).toEqual(['one', 'two', 'three']);
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  expect(readDiary().slice(3)).toEqual(['three ends', 'two ends', 'one ends']);
  expect(Object.values(pids).some(isAlive)).toBe(false);
  expect(notices).toEqual([]);
});

it('starts what has died again: at once, then later, and says so in one line each', async () => {
  const service = await standIn('mortal');
  await supervisor.start(service);
  const first = pids.mortal!;
  process.kill(first, 'SIGKILL');
  await vi.waitUntil(() => pids.mortal !== first, { timeout: 5_000 });
  const second = pids.mortal;
  await fetch(`${service.url}/die`).catch(() => undefined);
  await vi.waitUntil(() => pids.mortal !== second, { timeout: 5_000 });
  expect(notices).toEqual([
    'mortal was killed by SIGKILL; it is started again at once.',
    'mortal ended with code 4; it is started again in 0.5 s.',
  ]);
  expect(readDiary()).toEqual(['mortal starts', 'mortal starts', 'mortal starts']);
});

it('reports a first start that fails, with its reason, and does not repeat it', async () => {
  const service = await standIn('unlucky', { DIE_AT_START: '1' });
  await expect(supervisor.start(service)).rejects.toThrow('unlucky ended with code 3 (no such luck).');
  expect(readDiary()).toEqual(['unlucky starts']);
});

it('keeps trying, more and more slowly, when a later start fails', async () => {
  let starts = 0;
  const good = await standIn('wavering');
  const bad = await standIn('wavering', { DIE_AT_START: '1' });
  const start: Service['start'] = (aborted) =>
    ((starts += 1) === 2 || starts === 3 ? bad : good).start(aborted);
  await supervisor.start({ ...good, start });
  const first = pids.wavering!;
  process.kill(first, 'SIGKILL');
  await vi.waitUntil(() => pids.wavering !== first, { timeout: 10_000 });
  expect(notices).toEqual([
    'wavering was killed by SIGKILL; it is started again at once.',
    'wavering ended with code 3 (no such luck); it is started again in 0.5 s.',
    'wavering ended with code 3 (no such luck); it is started again in 1 s.',
  ]);
});

it('kills what does not end in time', async () => {
  await supervisor.start(await standIn('deaf', { DEAF: '1' }, 300));
  const pid = pids.deaf!;
  await supervisor.stop();
  expect(isAlive(pid)).toBe(false);
});

it('stops while a service waits to be started again', async () => {
  const service = await standIn('waiting');
  await supervisor.start(service);
  process.kill(pids.waiting!, 'SIGKILL');
  await vi.waitUntil(() => notices.length === 1);
  const begun = Date.now();
  await supervisor.stop();
  expect(Date.now() - begun).toBeLessThan(3_000);
  expect(Object.values(pids).some(isAlive)).toBe(false);
});
