import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotFound, Unavailable } from '../errors.ts';
import { createMinioStore } from '../minio-store.ts';
import type { ObjectStore } from '../object-store.ts';
import { signRequest } from '../testing/signed-http.ts';
import { EmbeddedS3Server } from './server.ts';

const credentials = { accessKey: 'access', secretKey: 'secret', region: 'us-east-1' };
const MAIN = join(import.meta.dirname, 'main.ts');

describe('the embedded server as a process', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  const stores: ObjectStore[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yike-s3 学习-'));
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) store.close();
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });

  function launch(environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const env = {
      PATH: process.env.PATH,
      S3_FOLDER: folder,
      S3_ACCESS_KEY: credentials.accessKey,
      S3_SECRET_KEY: credentials.secretKey,
      ...environment,
    };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }

  async function start(): Promise<{ child: ChildProcess; endpoint: string; store: ObjectStore }> {
    const child = launch();
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    const { ready, port } = JSON.parse(line) as { ready: boolean; port: number };
    expect(ready).toBe(true);
    const endpoint = `http://127.0.0.1:${port}`;
    const store = createMinioStore({ endpoint, ...credentials, bucket: 'yike' });
    stores.push(store);
    return { child, endpoint, store };
  }

  it('keeps everything over kill -9 in the middle of writing, and shows no half object', async () => {
    const first = await start();
    await first.store.ensureBucket();
    const bytes = randomBytes(3_000_000);
    const done: string[] = [];
    const writing = Array.from({ length: 40 }, async (_, index) => {
      await first.store.put(`kill/${index}`, bytes);
      done.push(`kill/${index}`);
    });
    while (done.length < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    first.child.kill('SIGKILL');
    const outcomes = await Promise.allSettled(writing);
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Unavailable);
    }

    const second = await start();
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    const listed: string[] = [];
    for await (const { key } of second.store.list('kill/')) {
      listed.push(key);
      expect((await second.store.getBuffer(key)).equals(bytes)).toBe(true);
    }
    expect(listed).toEqual(expect.arrayContaining(done));
  });

  it('leaves nothing of a PUT that breaks off', async () => {
    const { store, endpoint } = await start();
    await store.ensureBucket();
    const body = randomBytes(500_000);
    const target = { endpoint, ...credentials, close: () => Promise.resolve() };
    const headers = { 'content-length': String(body.length) };
    const { request } = signRequest(target, { method: 'PUT', target: '/yike/truncated', headers, body });
    const { hostname, port } = new URL(endpoint);
    const socket = connect(Number(port), hostname);
    const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`PUT /yike/truncated HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.write(body.subarray(0, 250_000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await readdir(join(folder, 'tmp'))).toHaveLength(1);
    socket.destroy();
    while ((await readdir(join(folder, 'tmp'))).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(store.head('truncated')).rejects.toBeInstanceOf(NotFound);
  });

  it('answers what it began on SIGTERM, then ends with 0', async () => {
    const { child, store } = await start();
    await store.ensureBucket();
    const bytes = randomBytes(15_000_000);
    const put = store.put('drained', bytes);
    while ((await readdir(join(folder, 'tmp'))).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await put; // over a connection that is then kept alive
    expect(await exited).toEqual([0, null]);
    const again = await start();
    expect((await again.store.getBuffer('drained')).equals(bytes)).toBe(true);
  });

  it('does not give a damaged file for an object', async () => {
    const { store } = await start();
    await store.ensureBucket();
    await store.put('a/damaged', randomBytes(10_000));
    const path = join(folder, 'buckets', 'yike', 'objects', 'a', 'damaged@object');
    await writeFile(path, (await readFile(path)).subarray(100));
    await expect(store.getBuffer('a/damaged')).rejects.toBeInstanceOf(Unavailable);
  });

  it('leaves no empty folders behind', async () => {
    const { store } = await start();
    await store.ensureBucket();
    await store.put('a/b/c/d', Buffer.from('x'));
    await store.put('a/e', Buffer.from('x'));
    await store.delete('a/b/c/d');
    const objects = join(folder, 'buckets', 'yike', 'objects');
    expect(await readdir(join(objects, 'a'))).toEqual(['e@object']);
    await store.delete('a/e');
    expect(await readdir(objects)).toEqual([]);
    await store.put('a/e', Buffer.from('again'));
  });

  it('survives many deletes and puts in one folder at once', async () => {
    const { store } = await start();
    await store.ensureBucket();
    const work = Array.from({ length: 100 }, async (_, index) => {
      const key = `deep/er/folder/${index % 10}`;
      await (index % 2 === 0 ? store.put(key, Buffer.from('x')) : store.delete(key));
    });
    await Promise.all(work);
  });

  it.each([
    { name: 'in production', environment: { NODE_ENV: 'production' }, message: /not for production/ },
    { name: 'without a folder', environment: { S3_FOLDER: '' }, message: /S3_FOLDER is not set/ },
  ])('refuses to start $name', async ({ environment, message }) => {
    const child = launch(environment);
    const errors: string[] = [];
    child.stderr?.on('data', (data: Buffer) => errors.push(data.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(errors.join('')).toMatch(message);
  });

  it('says that a port is taken', async () => {
    const options = { folder, host: '127.0.0.1', ...credentials };
    const server = await EmbeddedS3Server.create({ ...options, port: 0 });
    await expect(EmbeddedS3Server.create({ ...options, port: server.port })).rejects.toThrow(/EADDRINUSE/);
    await server.close();
    await server.close();
  });
});
