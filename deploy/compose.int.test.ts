import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { debianPackages } from '../scripts/host/debian-packages.ts';
import { type Outcome, run } from '../scripts/host/run.ts';
import { compose, COMPOSE_FILE } from './testing/compose.ts';

const SYSTEM_PYTHON = '/usr/bin/python3';
const SET = { YIKE_DOMAIN: 'yike.example.org', RTC_ANNOUNCED_ADDRESS: '203.0.113.10' };

/** Debian's docker-compose, which reads the file without an engine. */
let config: (env: Record<string, string>, ...args: string[]) => Promise<Outcome>;
beforeAll(async () => {
  const tree = await debianPackages('docker-compose');
  const python = existsSync(SYSTEM_PYTHON) ? SYSTEM_PYTHON : tree.program('python3');
  const found = { ...tree.env, PYTHONPATH: path.join(tree.root, 'usr/lib/python3/dist-packages') };
  config = (env, ...args) =>
    run(python, [tree.program('docker-compose'), '-f', COMPOSE_FILE, ...args, 'config'], {
      env: { PATH: process.env.PATH, ...found, ...env },
    });
});

it('docker-compose understands the file, all profiles together', async () => {
  const profiles = new Set(Object.values(compose().services).flatMap((service) => service.profiles));
  const { code, output } = await config(SET, ...Array.from(profiles, (name) => `--profile=${name}`));
  expect([code, code === 0 ? '' : output]).toEqual([0, '']);
  const { services } = parse(output) as {
    services: Record<string, { environment?: Record<string, string> }>;
  };
  expect(Object.keys(services).toSorted()).toEqual(Object.keys(compose().services).toSorted());
  expect(services['api-2']?.environment).toMatchObject({ PUBLIC_ORIGIN: 'https://yike.example.org' });
  expect(services.caddy?.environment).toMatchObject({ YIKE_MEDIA_NODE: '{re.node.1}:8081' });
});

it.each(Object.keys(SET))('it says that %s is missing', async (name) => {
  const { code, output } = await config({ ...SET, [name]: '' });
  expect(code).toBe(1);
  expect(output).toContain(name);
});
