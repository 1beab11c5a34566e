import type { Options } from '../options.ts';
import type { Identity } from './identity.ts';
import type { Secrets } from './secrets.ts';

/** Where the parts of one start listen, all on the loopback; fixed over restarts of a part. */
export interface Ports {
  api: number;
  media: number;
  s3: number;
  /** The first of the WebRTC workers' ports. */
  rtc: number;
}

export interface DatabaseUrls {
  ownerUrl: string;
  appUrl: string;
}

export interface Plan {
  options: Options;
  secrets: Secrets;
  ports: Ports;
  identity: Identity;
  /** Folders of the parts. */
  folders: { s3: string; spool: string };
  rtc: { listenIp: string; announcedAddress: string | undefined };
  workers: number;
  /** Whether the sign-in page may show the demo accounts: their password is no secret, then. */
  showsDemo: boolean;
}

type Environment = Record<string, string>;
type StorageEnvironment = Environment &
  Record<'S3_ENDPOINT' | 'S3_ACCESS_KEY' | 'S3_SECRET_KEY' | 'S3_BUCKET' | 'S3_REGION', string>;

/** What every program may need of the machine; nothing else of our environment reaches a part. */
const INHERITED = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'LOG_LEVEL',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
];

export function machineEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return compact(Object.fromEntries(INHERITED.map((name) => [name, env[name]])));
}

/** What the embedded S3 server is told. */
export function s3Environment({
  options,
  secrets,
  ports,
  folders,
}: Pick<Plan, 'options' | 'secrets' | 'ports' | 'folders'>): Environment {
  return {
    HOST: '127.0.0.1',
    PORT: String(ports.s3),
    S3_FOLDER: folders.s3,
    S3_ACCESS_KEY: secrets.s3AccessKey,
    S3_SECRET_KEY: secrets.s3SecretKey,
    S3_REGION: options.region,
  };
}

/** How a part reaches object storage, the embedded one or another. */
export function storageEnvironment({
  options,
  secrets,
  ports,
}: Pick<Plan, 'options' | 'secrets' | 'ports'>): StorageEnvironment {
  const { s3 } = options;
  return {
    S3_ENDPOINT: s3?.endpoint ?? `http://127.0.0.1:${ports.s3}`,
    S3_ACCESS_KEY: s3?.accessKey ?? secrets.s3AccessKey,
    S3_SECRET_KEY: s3?.secretKey ?? secrets.s3SecretKey,
    S3_BUCKET: options.bucket,
    S3_REGION: options.region,
    ...(s3?.publicUrl === undefined ? {} : { S3_PUBLIC_URL: s3.publicUrl }),
  };
}

/** By which keys personal data is sealed and found. */
export const keysEnvironment = (secrets: Secrets): Environment => ({
  PERSONAL_DATA_KEYS: secrets.personalDataKeys,
  PERSONAL_DATA_INDEX_KEY: secrets.personalDataIndexKey,
});

export function mediaEnvironment(plan: Plan): Environment {
  const { ports, identity } = plan;
  return compact({
    ...storageEnvironment(plan),
    HOST: '127.0.0.1',
    PORT: String(ports.media),
    API_URL: `http://127.0.0.1:${ports.api}`,
    MEDIA_NODE_ID: 'local',
    MEDIA_NODE_SECRET: plan.secrets.mediaNodeSecret,
    PUBLIC_PATH: '/media/local',
    SPOOL_DIR: plan.folders.spool,
    RTC_LISTEN_IP: plan.rtc.listenIp,
    RTC_ANNOUNCED_ADDRESS: plan.rtc.announcedAddress,
    RTC_PORT: String(ports.rtc),
    MEDIASOUP_NUM_WORKERS: String(plan.workers),
    MEDIASOUP_WORKER_BIN: identity.workerBin,
    FFMPEG_PATH: identity.ffmpegPath,
    CHILD_UID: identity.childUser && String(identity.childUser.uid),
    CHILD_GID: identity.childUser && String(identity.childUser.gid),
  });
}

export function apiEnvironment(plan: Plan, { appUrl }: DatabaseUrls): Environment {
  return compact({
    ...storageEnvironment(plan),
    HOST: '127.0.0.1',
    PORT: String(plan.ports.api),
    DATABASE_URL: appUrl,
    MEDIA_NODE_SECRET: plan.secrets.mediaNodeSecret,
    APP_SECRET: plan.secrets.appSecret,
    ...keysEnvironment(plan.secrets),
    YIKE_DEMO: plan.showsDemo ? '1' : '0',
  });
}

function compact(env: Record<string, string | undefined>): Environment {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
