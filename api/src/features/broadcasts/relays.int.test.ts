import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { debianPackages, type DebianTree } from '../../../../scripts/host/debian-packages.ts';
import { freePorts } from '../../../../scripts/host/ports.ts';
import { run } from '../../../../scripts/host/run.ts';
import { endChild, exitOf } from '../../../../scripts/services/running.ts';
import { Clock, SystemClock } from '../../platform/clock.ts';
import { Relays } from './relays.service.ts';

class LongAgo extends Clock {
  nowMs(): number {
    return Date.now() - 13 * 3_600_000;
  }
}

let tree: DebianTree;
let port: number;
let stop: () => Promise<void>;
const TURN_SECRET = randomBytes(24).toString('hex');

/** Debian's coturn, with the switches of docker-compose.yml that concern credentials. */
beforeAll(async () => {
  [tree, [port = 0]] = await Promise.all([debianPackages('coturn'), freePorts(1)]);
  const args = ['-n', '--log-file=stdout', '--no-cli', '--no-tls', '--no-dtls', '--pidfile=', '--realm=yike'];
  const where = ['-L', '127.0.0.1', `--listening-port=${port}`, '--allow-loopback-peers'];
  const auth = ['--use-auth-secret', `--static-auth-secret=${TURN_SECRET}`];
  const child = spawn(tree.program('turnserver'), [...args, ...where, ...auth], {
    stdio: 'ignore',
    env: { ...process.env, ...tree.env },
  });
  const exited = exitOf(child);
  stop = () => endChild(child, exited, { signal: 'SIGTERM', graceMs: 3_000 });
});
afterAll(() => stop());

/** Whether coturn's own client gets a relay with these credentials and gets its packets through. */
async function isRelayed(relays: Relays): Promise<boolean> {
  const [server] = relays.for('019aa000-0000-7000-8000-000000000001');
  const { username = '', credential = '' } = server ?? {};
  const args = [
    '-u',
    username,
    '-w',
    credential,
    '-p',
    String(port),
    '-y',
    '-c',
    '-n',
    '1',
    '-m',
    '1',
    '127.0.0.1',
  ];
  const env = { ...process.env, ...tree.env };
  const { output } = await run(tree.program('turnutils_uclient'), args, { env, timeoutMs: 8_000 });
  return /tot_recv_msgs=[1-9]/.test(output);
}

it('coturn relays for who has our credentials, and for no other', async () => {
  const config = { TURN_URLS: `turn:127.0.0.1:${port}`, TURN_SECRET };
  await expect.poll(() => isRelayed(new Relays(config, new SystemClock())), { timeout: 20_000 }).toBe(true);
  expect(await isRelayed(new Relays({ ...config, TURN_SECRET: 'another' }, new SystemClock()))).toBe(false);
  expect(await isRelayed(new Relays(config, new LongAgo()))).toBe(false);
});

it.each([
  { config: {}, urls: undefined },
  { config: { TURN_URLS: 'turn:a' }, urls: undefined },
  {
    config: { TURN_URLS: 'turn:a, turn:b?transport=tcp', TURN_SECRET },
    urls: ['turn:a', 'turn:b?transport=tcp'],
  },
])('$config: relays at $urls', ({ config, urls }) => {
  expect(
    new Relays(config as ConstructorParameters<typeof Relays>[0], new SystemClock()).for('peer')[0]?.urls,
  ).toEqual(urls);
});
