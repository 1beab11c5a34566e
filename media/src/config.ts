import { readFileSync } from 'node:fs';
import { resolveFiles, weaknessOf } from '@yike/contracts/environment';
import { z } from 'zod';
import { MediaNodeId } from '@yike/contracts/ids';

const Port = z.coerce.number().int().min(0).max(65_535);

const Variables = z.object({
  NODE_ENV: z.string().default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: Port.default(8081),
  /** How the API reaches this node; by default its own HOST and PORT. */
  CONTROL_URL: z.url().optional(),
  API_URL: z.url().default('http://127.0.0.1:8082'),
  MEDIA_NODE_ID: z.string().default('local').pipe(MediaNodeId),
  MEDIA_NODE_SECRET: z.string().min(32),
  /** Where browsers find this node's HTTP: a path on the portal's origin … */
  PUBLIC_PATH: z.string().default('/media/local'),
  /** … or on an origin of its own. */
  PUBLIC_ORIGIN: z.url().optional(),
  /** Origins whose pages may connect, comma-separated; without it only the page's own origin. */
  ALLOWED_ORIGINS: z.string().optional(),
  SPOOL_DIR: z.string(),
  RTC_LISTEN_IP: z.string().default('127.0.0.1'),
  RTC_ANNOUNCED_ADDRESS: z.string().optional(),
  /** Worker i listens on RTC_PORT + i, UDP and TCP; 0: on any free port (tests). */
  RTC_PORT: Port.default(44_400),
  FFMPEG_PATH: z.string().default('ffmpeg'),
  CHILD_UID: z.coerce.number().int().optional(),
  CHILD_GID: z.coerce.number().int().optional(),
  /** The mediasoup worker; by default the one that mediasoup's package brings. */
  MEDIASOUP_WORKER_BIN: z.string().optional(),
  /** However fast the machine is: no worker gets more consumers (two for each viewer). */
  MAX_CONSUMERS_PER_WORKER: z.coerce.number().int().min(2).default(1_000),
  /** Pictures that are encoded anew for their recording at the same time; by default by the number of cores. */
  MAX_TRANSCODES: z.coerce.number().int().min(0).optional(),
  MEDIASOUP_NUM_WORKERS: z.coerce.number().int().min(1).max(64).optional(),
  S3_ENDPOINT: z.url(),
  S3_ACCESS_KEY: z.string(),
  S3_SECRET_KEY: z.string(),
  S3_BUCKET: z.string().default('yike'),
  S3_REGION: z.string().default('us-east-1'),
  /** Exit when standard input closes: the supervisor is gone. */
  YIKE_PARENT_WATCH: z.stringbool().default(false),
});

/** The media node's environment. This file alone reads it. */
const Environment = Variables.superRefine(refuseInProduction);

/** Injection token of the configuration. */
export const CONFIG = Symbol('media configuration');

export type MediaConfig = z.infer<typeof Environment>;

/** @throws {z.ZodError} naming every variable that is missing or wrong */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): MediaConfig {
  return Environment.parse(resolveFiles(MEDIA_VARIABLES, environment, (file) => readFileSync(file, 'utf8')));
}

/** Every variable that a deployment may set, for the documentation's test. */
export const MEDIA_VARIABLES: readonly string[] = Object.keys(Variables.shape);

/** A deployment for real has no secret that one could guess. */
function refuseInProduction(config: z.infer<typeof Variables>, context: z.RefinementCtx): void {
  if (config.NODE_ENV !== 'production') return;
  const secrets = [
    { name: 'MEDIA_NODE_SECRET', secret: config.MEDIA_NODE_SECRET, atLeast: 32 },
    { name: 'S3_SECRET_KEY', secret: config.S3_SECRET_KEY, atLeast: 16 },
  ];
  for (const { name, secret, atLeast } of secrets) {
    const weakness = weaknessOf(secret, atLeast);
    if (weakness === null) continue;
    context.addIssue({ code: 'custom', path: [name], message: `the secret ${weakness}` });
  }
}
