import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { debianPackages } from '../scripts/host/debian-packages.ts';
import { inCheckout } from '../scripts/host/paths.ts';
import { freePorts } from '../scripts/host/ports.ts';
import { endChild, exitOf } from '../scripts/services/running.ts';

const PART = '/media/media/hls/broadcast/key/1000/video/12.3.m4s';
const folder = mkdtempSync(path.join(tmpdir(), 'yike-hls-cache-'));
const asked: string[] = [];
let node: Server;
let nginx: ChildProcess;
let exited: ReturnType<typeof exitOf>;
let origin: string;

/** Debian's nginx with the deployment's own file; only places are others: folders, ports, and the media node's address. */
beforeAll(async () => {
  const [tree, [nodePort = 0, port = 0]] = await Promise.all([debianPackages('nginx'), freePorts(2)]);
  origin = `http://127.0.0.1:${port}`;
  node = createServer((request, reply) => {
    asked.push(`${request.headers.host ?? ''} ${request.url ?? ''}`);
    setTimeout(
      () => reply.writeHead(request.url?.includes('missing') ? 404 : 200, { vary: 'origin' }).end('part'),
      100,
    );
  });
  await new Promise<void>((resolve) => node.listen(nodePort, '127.0.0.1', resolve));
  const config = readFileSync(inCheckout('deploy', 'hls-cache.conf'), 'utf8')
    .replaceAll('/tmp/', `${folder}/`)
    .replaceAll('/var/cache/nginx', folder)
    .replace('listen 8083', `listen 127.0.0.1:${port}`)
    .replace('http://$node:8081', `http://127.0.0.1:${nodePort}`);
  const temps = ['fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  writeFileSync(path.join(folder, 'nginx.conf'), config.replace('http {', `http { ${temps}`));
  chmodSync(folder, 0o755); // Started as root, its workers are `nobody`.
  const args = ['-p', folder, '-c', path.join(folder, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'];
  nginx = spawn(tree.program('nginx'), args, { stdio: 'ignore', env: { ...process.env, ...tree.env } });
  exited = exitOf(nginx);
});
afterAll(async () => {
  await endChild(nginx, exited, { signal: 'SIGTERM', graceMs: 3_000 });
  node.close();
  rmSync(folder, { recursive: true });
});

const get = async (url: string, init: RequestInit = {}): Promise<string> => {
  const answer = await fetch(origin + url, init);
  await answer.arrayBuffer();
  return `${answer.status} ${answer.headers.get('x-cache') ?? '-'}`;
};

it('starts', async () => {
  await expect.poll(() => get('/healthy').catch(() => ''), { timeout: 10_000 }).toBe('204 -');
});

it('a hundred viewers ask for a part at once, from anywhere: the node gives it once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, viewer) =>
      get(PART, { headers: { origin: `https://page-${viewer}.example` } }),
    ),
  );
  expect(new Set(answers)).toEqual(new Set(['200 MISS', '200 HIT']));
  expect(asked.splice(0)).toEqual([`${new URL(origin).host} ${PART}`]);
});

it('what is counted by bytes reaches the node each time', async () => {
  const counted = `${PART}?ticket=of-this-viewer`;
  expect([await get(counted), await get(counted)]).toEqual(['200 BYPASS', '200 BYPASS']);
  expect(asked.splice(0)).toHaveLength(2);
});

it.each([
  { url: PART.replace('12.3', 'missing'), answer: '404 MISS', times: 2 },
  { url: '/media/media/hls/broadcast/index.m3u8?ticket=x', answer: '404 -', times: 0 },
  { url: '/media/postgres/hls/b/key/1/video/1.m4s', answer: '404 -', times: 0 },
  { url: '/api/me', answer: '404 -', times: 0 },
])('$url: $answer, and kept nowhere', async ({ url, answer, times }) => {
  expect([await get(url), await get(url)]).toEqual([answer, answer]);
  expect(asked.splice(0)).toHaveLength(times);
});

it('takes nothing', async () => {
  expect(await get(PART, { method: 'PUT', body: 'x' })).toMatch(/^403/);
});
