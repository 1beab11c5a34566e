import { expect, it } from 'vitest';
import { readOptions } from '../options.ts';
import {
  apiEnvironment,
  machineEnvironment,
  mediaEnvironment,
  type Plan,
  storageEnvironment,
} from './environments.ts';

const plan = (env: Record<string, string> = {}, change: Partial<Plan> = {}): Plan => ({
  options: readOptions(env),
  secrets: {
    postgresPassword: 'pp',
    ownerPassword: 'op',
    appPassword: 'ap',
    s3AccessKey: 'ak',
    s3SecretKey: 'sk',
    mediaNodeSecret: 'ms',
    appSecret: 'as',
    personalDataKeys: 'pk',
    personalDataIndexKey: 'pi',
  },
  ports: { api: 1, media: 2, s3: 3, rtc: 4 },
  identity: { user: undefined, childUser: undefined, ffmpegPath: '/f', workerBin: '/w' },
  folders: { s3: '/d/s3', spool: '/d/spool' },
  rtc: { listenIp: '127.0.0.1', announcedAddress: undefined },
  workers: 2,
  showsDemo: true,
  ...change,
});
const given = {
  S3_ENDPOINT: 'https://s3.example',
  S3_ACCESS_KEY: 'x',
  S3_SECRET_KEY: 'y',
  S3_BUCKET: 'lessons',
};

it('lets nothing of our environment through but what a program needs of the machine', () => {
  const env = { PATH: '/bin', HOME: '/h', DATABASE_URL: 'secret', AWS_SECRET: 'secret', LOG_LEVEL: 'debug' };
  expect(machineEnvironment(env)).toEqual({ PATH: '/bin', HOME: '/h', LOG_LEVEL: 'debug' });
});

it('points to the embedded S3, whose objects browsers reach at the origin of the page', () => {
  expect(storageEnvironment(plan())).toEqual({
    S3_ENDPOINT: 'http://127.0.0.1:3',
    S3_ACCESS_KEY: 'ak',
    S3_SECRET_KEY: 'sk',
    S3_BUCKET: 'yike',
    S3_REGION: 'us-east-1',
  });
});

it('points to a given S3', () => {
  expect(storageEnvironment(plan(given))).toMatchObject({
    S3_ENDPOINT: 'https://s3.example',
    S3_PUBLIC_URL: 'https://s3.example',
    S3_ACCESS_KEY: 'x',
    S3_BUCKET: 'lessons',
  });
});

it('tells media of another user for ffmpeg only where there is one', () => {
  expect(mediaEnvironment(plan())).not.toHaveProperty('CHILD_UID');
  const identity = { ...plan().identity, childUser: { uid: 65534, gid: 65534 } };
  expect(mediaEnvironment(plan({}, { identity }))).toMatchObject({ CHILD_UID: '65534', CHILD_GID: '65534' });
});

it("keeps the owner's and the other parts' secrets from the API", () => {
  const env = apiEnvironment(plan(), { ownerUrl: 'postgresql://owner', appUrl: 'postgresql://app' });
  expect(env).toMatchObject({ DATABASE_URL: 'postgresql://app', YIKE_DEMO: '1', APP_SECRET: 'as' });
  expect(Object.values(env)).not.toContain('postgresql://owner');
  expect(apiEnvironment(plan({}, { showsDemo: false }), { ownerUrl: '', appUrl: 'a' })).toMatchObject({
    YIKE_DEMO: '0',
  });
});
