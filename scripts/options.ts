import path from 'node:path';
import { SetupFailure } from './host/failure.ts';
import { inCheckout } from './host/paths.ts';

/** Object storage as the parts of the product are told of it. */
export interface Storage {
  accessKey: string;
  secretKey: string;
  bucket: string;
  region: string;
}

/** What a person may decide about `npm start`, by environment variables. */
export interface Options {
  host: string;
  port: number;
  dataFolder: string;
  hasDemo: boolean;
  /** The owner's URL of a PostgreSQL to use in place of the embedded one, and the API's, where that is another's to make. */
  database: { ownerUrl: string; appUrl: string | undefined } | undefined;
  /** An S3 to use in place of the embedded one. `publicUrl`: where browsers reach it. */
  s3: (Storage & { endpoint: string; publicUrl: string | undefined }) | undefined;
  bucket: string;
  region: string;
  /** How browsers reach the WebRTC workers, where it is not as they reach the pages. */
  rtc: { listenIp: string | undefined; announcedAddress: string | undefined; port: number | undefined };
  /** How many WebRTC workers; absent: one a core. */
  workers: number | undefined;
}

/** Reads them. @throws SetupFailure, which names the variable that is wrong */
export function readOptions(env: NodeJS.ProcessEnv): Options {
  const bucket = given(env, 'S3_BUCKET') ?? 'yike';
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || ['api', 'media', 'playback'].includes(bucket)) {
    throw new SetupFailure(`S3_BUCKET is "${bucket}", which is not a name that a bucket can have here.`);
  }
  const region = given(env, 'S3_REGION') ?? 'us-east-1';
  return {
    host: given(env, 'YIKE_HOST') ?? '127.0.0.1',
    port: readNumber(env, 'YIKE_PORT', 65_535) ?? 8080,
    dataFolder: path.resolve(given(env, 'YIKE_DATA') ?? inCheckout('.data')),
    hasDemo: env.NODE_ENV !== 'production' && !['0', 'false', 'no'].includes(given(env, 'YIKE_DEMO') ?? '1'),
    database: readDatabase(env),
    s3: readStorage(env, bucket, region),
    bucket,
    region,
    rtc: {
      listenIp: given(env, 'RTC_LISTEN_IP'),
      announcedAddress: given(env, 'RTC_ANNOUNCED_ADDRESS'),
      port: readNumber(env, 'RTC_PORT', 65_535),
    },
    workers: readNumber(env, 'MEDIASOUP_NUM_WORKERS', 64),
  };
}

/** Whether only this machine can reach what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function readNumber(env: NodeJS.ProcessEnv, name: string, max: number): number | undefined {
  const text = given(env, name);
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) <= max) return Number(text);
  throw new SetupFailure(`${name} is "${text}", which is not a number from 0 to ${max}.`);
}

function readDatabase(env: NodeJS.ProcessEnv): Options['database'] {
  const ownerUrl = given(env, 'DATABASE_URL');
  if (ownerUrl === undefined) return undefined;
  if (!/^postgres(?:ql)?:\/\//.test(ownerUrl) || !URL.canParse(ownerUrl)) {
    throw new SetupFailure('DATABASE_URL is not an address like postgresql://owner:password@host:5432/yike.');
  }
  return { ownerUrl, appUrl: given(env, 'DATABASE_APP_URL') };
}

function readStorage(env: NodeJS.ProcessEnv, bucket: string, region: string): Options['s3'] {
  const endpoint = given(env, 'S3_ENDPOINT');
  if (endpoint === undefined) return undefined;
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new SetupFailure('S3_ENDPOINT is not an address like http://127.0.0.1:9000.');
  }
  const [accessKey, secretKey] = [given(env, 'S3_ACCESS_KEY'), given(env, 'S3_SECRET_KEY')];
  if (accessKey === undefined || secretKey === undefined) {
    throw new SetupFailure('S3_ENDPOINT is given, so S3_ACCESS_KEY and S3_SECRET_KEY are needed as well.');
  }
  // Browsers must be able to reach it, and where nobody says otherwise they reach it where we do.
  return {
    endpoint,
    accessKey,
    secretKey,
    bucket,
    region,
    publicUrl: given(env, 'S3_PUBLIC_URL') ?? endpoint,
  };
}

function given(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}
