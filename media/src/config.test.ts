import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const secret = (): string => randomBytes(24).toString('hex');
const GOOD = {
  NODE_ENV: 'production',
  SPOOL_DIR: '/spool',
  S3_ENDPOINT: 'http://minio:9000',
  S3_ACCESS_KEY: 'yike',
  S3_SECRET_KEY: secret(),
  MEDIA_NODE_SECRET: secret(),
};

it('takes good secrets in production', () => expect(readConfig(GOOD).NODE_ENV).toBe('production'));

it.each([
  { change: { MEDIA_NODE_SECRET: 'm'.repeat(32) }, names: 'MEDIA_NODE_SECRET' },
  { change: { S3_SECRET_KEY: 'minioadmin' }, names: 'S3_SECRET_KEY' },
])('refuses $change there', ({ change, names }) => {
  expect(() => readConfig({ ...GOOD, ...change })).toThrow(`"${names}"`);
  expect(() => readConfig({ ...GOOD, ...change, NODE_ENV: 'test' })).not.toThrow();
});

it('refuses a file that is not there', () => {
  const fromFile = { MEDIA_NODE_SECRET: undefined, MEDIA_NODE_SECRET_FILE: '/nowhere' };
  expect(() => readConfig({ ...GOOD, ...fromFile })).toThrow('ENOENT');
});
