import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EpochManifest } from '@yike/contracts/control/manifest';
import { createWorker } from 'mediasoup';
import type { Router, Worker } from 'mediasoup/types';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testEnvironment, type TestEnvironment } from '../../../scripts/testing/env.ts';
import { ROUTER_CODECS } from '../core/codecs.ts';
import { runProgram } from '../testing/programs.ts';
import { RtpSource } from '../testing/rtp-source.ts';
import { LiveNode } from './testing/live-node.ts';
import { LivePlayer, type LoadedPart } from './testing/live-player.ts';

let env: TestEnvironment;
let worker: Worker;
let router: Router;
let root: string;
let node: LiveNode;
let source: RtpSource | undefined;

beforeAll(async () => {
  env = testEnvironment();
  worker = await createWorker({ workerBin: env.workerBin, logLevel: 'warn' });
  router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
});
afterAll(() => worker.close());
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'yike-live-'));
  node = await LiveNode.start(root);
});
afterEach(async () => {
  await source?.stop();
  await node.close();
  rmSync(root, { recursive: true, force: true });
});

/** The SHA-256 of each segment in storage, by its name. */
async function storedHashes(recordingId: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for await (const { key } of node.store.list(`recordings/${recordingId}/`)) {
    if (!key.endsWith('manifest.json')) continue;
    const { epoch, tracks } = EpochManifest.parse(JSON.parse((await node.store.getBuffer(key)).toString()));
    for (const kind of ['video', 'audio'] as const)
      for (const { seq, sha256 } of tracks[kind]?.segments ?? [])
        hashes.set(`${epoch}/${kind}/${seq}`, sha256);
  }
  return hashes;
}

/** The same of what a player has loaded, part by part. */
function loadedHashes(parts: readonly LoadedPart[]): Map<string, string> {
  const segments = Map.groupBy(parts, ({ segment }) => segment);
  return new Map(
    [...segments].map(([name, some]) => {
      const hash = createHash('sha256');
      for (const { bytes } of some) hash.update(bytes);
      return [name, hash.digest('hex')];
    }),
  );
}

/**
 * ffmpeg knows no EXT-X-GAP: it asks for the gap, and skips it. It wonders about the init that it reads with each reload, and its
 * output about the second epoch's clock.
 */
const HARMLESS = /gap\.m4s|404 Not Found|open segment|too many times, skipping|duplicated MOOV|dts to muxer/;

/**
 * ffmpeg as a player of so many pictures, or sounds where there are none. It does not join the clocks of two epochs by itself, so each
 * picture is taken as it comes.
 * @returns what it complained about
 */
async function decode(url: string, output: readonly string[]): Promise<string[]> {
  const input = ['-v', 'warning', '-nostdin', '-copyts', '-i', url];
  const { stderr } = await runProgram(env.ffmpegPath, [...input, ...output, '-f', 'null', '-']);
  return stderr.split('\n').filter((line) => line.trim() !== '' && !HARMLESS.test(line));
}

describe('a running broadcast by low-latency HLS', () => {
  it('is played over the death of its recorder: each part once, soon, and with the bytes that storage has', async () => {
    source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath });
    const command = node.open();
    const url = await node.playerUrl(command);
    node.publish(command, { router, producers: source.producers });
    const players = [new LivePlayer(url, 'video'), new LivePlayer(url, 'audio')];
    const following = players.map((player) => player.follow());
    await sleep(13_000);
    const decoding = decode(url, ['-map', '0:v:0', '-fps_mode', 'passthrough', '-frames:v', '600']);
    await sleep(5_000);
    const [pid] = node.recorderPids();
    process.kill(pid ?? 0, 'SIGKILL');
    const complaints = await decoding;
    await node.recording.close({ ...command, state: 'closed', closeReason: 'ended' });
    await Promise.all(following);

    const stored = await storedHashes(command.recordingId);
    for (const player of players) {
      const { parts, latenciesMs, playlist } = player;
      const numbers = parts.map(({ msn, part }) => `${msn}.${part}`);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(new Set(parts.map(({ segment }) => segment.split('/')[0]))).toEqual(new Set(['1000', '1001']));
      for (const [name, hash] of loadedHashes(parts)) expect([name, stored.get(name)]).toEqual([name, hash]);
      expect(playlist).toMatchObject({ isEnded: true, mediaSequence: 0 });
      expect(playlist?.entries.some(({ isGap }) => isGap)).toBe(true);
      expect(latenciesMs[Math.floor(latenciesMs.length / 2)]).toBeLessThan(1_000);
      const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)]?.toFixed(0);
      console.info(
        `${parts.length} parts, late by p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(0.999)} ms`,
      );
    }
    expect(complaints).toEqual([]);
  }, 120_000);

  it('is played where there is sound alone', async () => {
    source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath, video: 'none' });
    const command = node.open();
    const url = await node.playerUrl(command);
    const first = fetch(url);
    node.publish(command, { router, producers: source.producers });
    expect(await (await first).text()).not.toContain('video.m3u8');
    await sleep(10_000);
    expect(await decode(url, ['-frames:a', '350'])).toEqual([]);
  });

  it('goes on with its numbers after a restart of the node; what storage lacks is there again', async () => {
    source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath });
    const command = node.open();
    node.publish(command, { router, producers: source.producers });
    const before = new LivePlayer(await node.playerUrl(command), 'video');
    const following = before.follow().catch(() => undefined);
    await sleep(6_000);
    await node.loseStorage();
    await sleep(9_000);
    before.stop();
    await node.down();
    await following;
    const lastBefore = before.playlist?.entries.at(-1)?.msn ?? 0;

    await node.up();
    node.publish(command, { router, producers: source.producers });
    const after = new LivePlayer(await node.playerUrl(command), 'video');
    const goingOn = after.follow();
    await expect.poll(() => after.parts.length, { timeout: 15_000 }).toBeGreaterThan(3);
    after.stop();
    await goingOn;
    const first = after.playlist?.entries[0];
    const known = before.playlist?.entries.find(({ msn }) => msn === first?.msn);
    expect(first).toMatchObject({ uri: known?.uri ?? '', atMs: known?.atMs ?? 0, discontinuity: 0 });
    expect(after.parts[0]?.msn).toBeGreaterThan(lastBefore);
    expect(after.parts[0]?.segment).toBe('1001/video/0');
  }, 120_000);
});
