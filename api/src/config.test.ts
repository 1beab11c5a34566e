import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig, readMigrationConfig, readPrepareConfig } from './config.ts';

const secret = (): string => randomBytes(24).toString('hex');
const GOOD = {
  NODE_ENV: 'production',
  DATABASE_URL: `postgresql://yike_app:${secret()}@postgres:5432/yike`,
  S3_ENDPOINT: 'http://minio:9000',
  S3_ACCESS_KEY: 'yike',
  S3_SECRET_KEY: secret(),
  MEDIA_NODE_SECRET: secret(),
  APP_SECRET: secret(),
  PERSONAL_DATA_KEYS: `${secret()},${secret()}`,
  PERSONAL_DATA_INDEX_KEY: secret(),
};
const folder = mkdtempSync(path.join(tmpdir(), 'yike-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

describe('in production', () => {
  it('takes good secrets', () => expect(readConfig(GOOD).NODE_ENV).toBe('production'));

  it.each([
    { change: { APP_SECRET: 'a'.repeat(32) }, names: 'APP_SECRET' },
    { change: { APP_SECRET: 'short' }, names: 'APP_SECRET' },
    { change: { APP_SECRET: GOOD.MEDIA_NODE_SECRET }, names: 'APP_SECRET' },
    { change: { PERSONAL_DATA_KEYS: '' }, names: 'PERSONAL_DATA_KEYS' },
    { change: { PERSONAL_DATA_KEYS: ' , ' }, names: 'PERSONAL_DATA_KEYS' },
    { change: { PERSONAL_DATA_KEYS: `${secret()},short` }, names: 'PERSONAL_DATA_KEYS' },
    { change: { PERSONAL_DATA_KEYS: `${secret()},${GOOD.APP_SECRET}` }, names: 'APP_SECRET' },
    { change: { PERSONAL_DATA_INDEX_KEY: '' }, names: 'PERSONAL_DATA_INDEX_KEY' },
    { change: { PERSONAL_DATA_INDEX_KEY: GOOD.MEDIA_NODE_SECRET }, names: 'PERSONAL_DATA_INDEX_KEY' },
    { change: { MEDIA_NODE_SECRET: `change-me-${secret()}` }, names: 'MEDIA_NODE_SECRET' },
    { change: { S3_SECRET_KEY: 'minioadmin' }, names: 'S3_SECRET_KEY' },
    { change: { DATABASE_URL: 'postgresql://yike_app:yike@postgres/yike' }, names: 'DATABASE_URL' },
    { change: { DATABASE_URL: 'postgresql://yike_app@postgres/yike' }, names: 'DATABASE_URL' },
    { change: { DATABASE_PASSWORD: 'postgrespassword1' }, names: 'DATABASE_URL' },
    { change: { REDIS_URL: 'redis://redis:6379' }, names: 'REDIS_URL' },
    { change: { YIKE_DEMO: '1' }, names: 'YIKE_DEMO' },
    { change: { DEMO_PASSWORDS: '{}' }, names: 'DEMO_PASSWORDS' },
  ])('refuses $change', ({ change, names }) => {
    expect(() => readConfig({ ...GOOD, ...change })).toThrow(`"${names}"`);
    if (names !== 'APP_SECRET' || change.APP_SECRET !== 'short') {
      expect(() => readConfig({ ...GOOD, ...change, NODE_ENV: 'development' })).not.toThrow();
    }
  });

  it('says everything that is wrong at once, and no secret', () => {
    const wrong = {
      ...GOOD,
      S3_SECRET_KEY: 'minioadmin',
      APP_SECRET: 'password'.repeat(4),
      YIKE_DEMO: 'true',
    };
    const tryToRead = (): string => {
      try {
        readConfig(wrong);
        return '';
      } catch (error) {
        return String(error);
      }
    };
    const said = tryToRead();
    for (const name of ['S3_SECRET_KEY', 'APP_SECRET', 'YIKE_DEMO']) expect(said).toContain(name);
    expect(said).not.toContain('password'.repeat(4));
  });

  it('refuses to prepare with an owner whose password is known', () => {
    const owner = { DATABASE_OWNER_URL: 'postgresql://yike_owner:postgres@postgres/yike' };
    expect(() => readPrepareConfig({ ...GOOD, ...owner })).toThrow('DATABASE_OWNER_URL');
  });
});

it('reads secrets from files', () => {
  const { APP_SECRET, S3_SECRET_KEY, ...others } = GOOD;
  const password = 'p/ß 12345678901234';
  const config = readConfig({
    ...others,
    APP_SECRET_FILE: file('app', `${APP_SECRET}\n`),
    S3_SECRET_KEY_FILE: file('s3', S3_SECRET_KEY),
    DATABASE_URL: 'postgresql://yike_app@postgres:5432/yike',
    DATABASE_PASSWORD_FILE: file('db', `${password}\n`),
    REDIS_URL: 'redis://redis:6379',
    REDIS_PASSWORD_FILE: file('redis', `${APP_SECRET.toUpperCase()}\n`),
  });
  expect(config).toMatchObject({ APP_SECRET, S3_SECRET_KEY });
  expect(decodeURIComponent(new URL(config.DATABASE_URL).password)).toBe(password);
  expect(config.REDIS_URL).toBe(`redis://:${APP_SECRET.toUpperCase()}@redis:6379`);
});

it('takes what is set to nothing for not set', () => {
  expect(readConfig({ ...GOOD, REDIS_URL: '', PUBLIC_ORIGIN: '', PORT: '' })).toMatchObject({ PORT: 8082 });
});

it('gives the migrations their owner', () => {
  const DATABASE_OWNER_PASSWORD_FILE = file('owner', 'o\n');
  const owner = { DATABASE_OWNER_URL: 'postgresql://owner@db/yike', DATABASE_OWNER_PASSWORD_FILE };
  expect(readMigrationConfig(owner).ownerUrl).toBe('postgresql://owner:o@db/yike');
});
