import { expect, it } from 'vitest';
import { inCheckout } from './host/paths.ts';
import { isLoopback, readOptions } from './options.ts';

it('has defaults for all of it', () => {
  expect(readOptions({})).toEqual({
    host: '127.0.0.1',
    port: 8080,
    dataFolder: inCheckout('.data'),
    hasDemo: true,
    database: undefined,
    s3: undefined,
    bucket: 'yike',
    region: 'us-east-1',
    rtc: {},
    workers: undefined,
  });
});

it('takes what is given', () => {
  const options = readOptions({
    YIKE_HOST: '0.0.0.0',
    YIKE_PORT: '0',
    YIKE_DATA: '/var/lib/一课 data',
    YIKE_DEMO: '0',
    DATABASE_URL: 'postgresql://owner@db/yike',
    S3_ENDPOINT: 'http://minio:9000',
    S3_ACCESS_KEY: 'a',
    S3_SECRET_KEY: 'b',
    S3_BUCKET: 'lectures',
  });
  expect(options).toMatchObject({
    host: '0.0.0.0',
    port: 0,
    dataFolder: '/var/lib/一课 data',
    hasDemo: false,
  });
  expect(options.database).toEqual({ ownerUrl: 'postgresql://owner@db/yike', appUrl: undefined });
  expect(options.s3).toMatchObject({ bucket: 'lectures', publicUrl: 'http://minio:9000' });
});

it.each([
  { env: { YIKE_PORT: '80a' }, says: 'YIKE_PORT is "80a"' },
  { env: { YIKE_PORT: '65536' }, says: 'YIKE_PORT' },
  { env: { DATABASE_URL: 'mysql://x' }, says: 'DATABASE_URL' },
  { env: { S3_ENDPOINT: 'minio:9000', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' }, says: 'S3_ENDPOINT' },
  { env: { S3_ENDPOINT: 'http://minio:9000', S3_ACCESS_KEY: 'a' }, says: 'S3_SECRET_KEY' },
  { env: { S3_BUCKET: 'api' }, says: 'S3_BUCKET' },
  { env: { S3_BUCKET: 'A_B' }, says: 'S3_BUCKET' },
])('names the variable that is wrong: $says', ({ env, says }) => {
  expect(() => readOptions(env)).toThrow(says);
});

it.each([
  { host: '127.0.0.1', loopback: true },
  { host: '127.1.2.3', loopback: true },
  { host: '::1', loopback: true },
  { host: 'localhost', loopback: true },
  { host: '0.0.0.0', loopback: false },
  { host: '192.168.1.2', loopback: false },
  { host: '127.0.0.1.evil.example', loopback: false },
])('$host: loopback $loopback', ({ host, loopback }) => expect(isLoopback(host)).toBe(loopback));
