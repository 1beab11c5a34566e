import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createMinioStore } from '@yike/storage/minio-store';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedTarget } from '../../../storage/src/testing/target.ts';
import { testEnvironment } from '../../../scripts/testing/env.ts';
import { EpochFailure } from '../recording/epoch-failure.ts';
import type { EpochSink } from '../recording/ports.ts';
import { TestNode, ticket } from '../sfu/testing/node.ts';
import { WorkerPool } from '../sfu/worker-pool.ts';
import { Heartbeat } from '../control/heartbeat.ts';
import { measuredEpochs } from './measured-epochs.ts';
import { measuredStore } from './measured-store.ts';
import { Metrics } from './metrics.ts';

let node: TestNode;
const spool = mkdtempSync(path.join(tmpdir(), 'yike-node-spool-'));
/** The worker's program by a name that can be taken away. */
const program = path.join(mkdtempSync(path.join(tmpdir(), 'yike-worker-')), 'worker');
const provideProgram = () => symlinkSync(testEnvironment().workerBin, program);
beforeAll(async () => {
  provideProgram();
  node = await TestNode.start({ SPOOL_DIR: spool, MEDIASOUP_WORKER_BIN: program });
});
afterAll(() => node.close());

interface Ready {
  readonly status: string | number;
  readonly checks?: { name: string; isUp: boolean; reason?: string }[];
}
const ready = async (headers: Record<string, string> = {}) => {
  const answer = await fetch(`${node.url}/ready`, { headers });
  return { status: answer.status, body: (await answer.json()) as Ready };
};
const downOf = ({ body }: { body: Ready }) =>
  body.checks?.filter(({ isUp }) => !isUp).map(({ name }) => name) ?? [];
const metrics = async () => (await fetch(`${node.url}/metrics`)).text();

describe('/ready tells the truth', () => {
  it('without storage the spool waits: degraded', async () => {
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect(downOf(await ready())).toEqual(['storage']);
  });

  it('keeps the reasons from strangers', async () => {
    const { body } = await ready({ 'x-forwarded-for': '203.0.113.9' });
    expect(body).toEqual({ status: 'degraded' });
    const figures = await fetch(`${node.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(figures.status).toBe(404);
  });

  it('without the spool it can carry nothing', async () => {
    renameSync(spool, `${spool}-away`);
    const answer = await ready();
    renameSync(`${spool}-away`, spool);
    expect(answer).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
    expect(downOf(answer)).toContain('spool');
    expect((await ready()).status).toBe(200);
  });

  it('without a worker it can carry nothing, until there is another', async () => {
    const [worker] = node.app.get(WorkerPool).workers;
    rmSync(program);
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    await expect.poll(async () => downOf(await ready())).toContain('workers');
    expect((await ready()).status).toBe(503);
    provideProgram();
    await expect.poll(async () => (await ready()).status).toBe(200);
    expect(await metrics()).toContain('yike_media_worker_restarts_total 1');
  });
});

describe('the figures', () => {
  it('each have a unit in name and help, and only labels that this code names', async () => {
    const { broadcastId } = await node.open();
    const socket = io(node.url, {
      path: '/media/test/socket.io',
      transports: ['websocket'],
      auth: { token: await ticket(broadcastId), requestId: 'a-page-made-this-one' },
    });
    await socket.emitWithAck('room:join', {});
    await socket.emitWithAck('of a stranger', {});
    const text = await metrics();
    socket.close();
    const helps = [...text.matchAll(/^# HELP (yike_\S+) (.+)$/gm)];
    expect(helps.length).toBeGreaterThan(20);
    for (const [, name, help] of helps) {
      expect(name).toMatch(/_(total|seconds|ratio|bytes|[a-z]+s)$/);
      expect(help, name).toMatch(/Unit: .+\.$/);
    }
    const labels = new Set([...text.matchAll(/([a-z_]+)="/g)].map(([, label]) => label));
    const named = [
      'method',
      'route',
      'status',
      'event',
      'outcome',
      'reason',
      'result',
      'worker',
      'dependency',
      'le',
    ];
    const ofRuntime = ['type', 'kind', 'space', 'version', 'major', 'minor', 'patch', 'quantile'];
    expect([...labels].filter((label) => ![...named, ...ofRuntime].includes(label ?? ''))).toEqual([]);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).toContain('event="room:join",outcome="ok"');
    expect(text).toContain('event="other",outcome="invalid-request"');
    expect(text).toContain('route="/control/broadcasts/:broadcastId"');
    expect(text).toMatch(/yike_media_worker_cpu_seconds\{worker="0"\} \d/);
    expect(text).toMatch(/yike_media_spool_free_bytes [1-9]/);
  });

  it('count uploads by result', async () => {
    const own = new Metrics();
    const target = await embeddedTarget();
    const store = measuredStore(createMinioStore({ ...target, bucket: 'yike' }), own);
    await store.ensureBucket();
    await store.put('recordings/a', Buffer.alloc(10), { ifNoneMatch: '*' });
    await expect(store.put('recordings/a', Buffer.alloc(10), { ifNoneMatch: '*' })).rejects.toThrow();
    await target.close();
    await expect(store.put('recordings/b', Buffer.alloc(10))).rejects.toThrow();
    const text = await own.exposition();
    for (const result of ['stored', 'conflict', 'failed'])
      expect(text).toContain(`yike_media_upload_seconds_count{result="${result}"} 1`);
    expect(text).toContain('yike_media_uploaded_bytes_total 10');
  });

  it('count epochs, and why they ended', async () => {
    const own = new Metrics();
    const deaths: unknown[] = [];
    const sink = {} as EpochSink; // Nothing is said to it here.
    const running = { stop: () => Promise.resolve() };
    const dies = measuredEpochs((_source, _sink, onDied) => {
      onDied(new EpochFailure('no-media', 'nothing came'));
      return Promise.resolve(running);
    }, own);
    expect(await dies('source', sink, (error) => deaths.push(error))).toBe(running);
    expect(deaths).toHaveLength(1);
    const never = measuredEpochs(() => Promise.reject(new Error('no ffmpeg')), own);
    await expect(never('source', sink, () => undefined)).rejects.toThrow('no ffmpeg');
    const text = await own.exposition();
    expect(text).toContain('yike_media_recorder_epochs_total 1');
    expect(text).toContain('yike_media_recorder_failures_total{reason="no-media"} 1');
    expect(text).toContain('yike_media_recorder_failures_total{reason="not-started"} 1');
  });
});

describe('a request’s id', () => {
  it('is said again in the answer', async () => {
    const command = await node.open();
    const answer = await node.command(command, { 'x-request-id': 'a-page-made-this-one' });
    expect(answer.headers.get('x-request-id')).toBe('a-page-made-this-one');
  });
});

it('a node that drains is ready for nothing', async () => {
  await node.app.get(Heartbeat).drain();
  const answer = await ready();
  expect(answer.status).toBe(503);
  expect(downOf(answer)).toContain('not-draining');
});
