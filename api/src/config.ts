import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { passwordIn, resolveFiles, weaknessOf, withPassword } from '@yike/contracts/environment';
import { z } from 'zod';
import { masterSecrets } from './platform/crypto/personal-data/master-keys.ts';

const Port = z.coerce.number().int().min(0).max(65_535);

const Storage = z.object({
  S3_ENDPOINT: z.url(),
  S3_ACCESS_KEY: z.string(),
  S3_SECRET_KEY: z.string(),
  S3_BUCKET: z.string().default('yike'),
  S3_REGION: z.string().default('us-east-1'),
});

const Mode = z.object({ NODE_ENV: z.enum(['development', 'test', 'production']).default('development') });

const Database = z.object({
  /** As the role `yike_app`, which cannot change the schema or the ledger's past. */
  DATABASE_URL: z.url(),
  /** Takes the place of the password in DATABASE_URL. */
  DATABASE_PASSWORD: z.string().optional(),
});

const Variables = z.object({
  ...Mode.shape,
  ...Database.shape,
  ...Storage.shape,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: Port.default(8082),
  /** What several API nodes share for limits and news; without it there is one node. */
  REDIS_URL: z.url().optional(),
  /** Takes the place of the password in REDIS_URL. */
  REDIS_PASSWORD: z.string().optional(),
  /** The origin where browsers reach object storage; without it segments are signed for the origin of the request. */
  S3_PUBLIC_URL: z.url().optional(),
  /** Shared with the media nodes; the keys for commands, events and join tickets are derived from it. */
  MEDIA_NODE_SECRET: z.string().min(32),
  /** The API's own keys are derived from it. */
  APP_SECRET: z.string().min(32),
  /** Wrap the keys under which ID numbers and phones are sealed, comma-separated; the first wraps new ones. Without it outside production: APP_SECRET. */
  PERSONAL_DATA_KEYS: z.string().optional(),
  /** Of the hashes by which a phone or an ID number is found; it can never change. Without it outside production: APP_SECRET. */
  PERSONAL_DATA_INDEX_KEY: z.string().optional(),
  /** The portal's own origin; without it that of the request, as the nearest proxy tells it. */
  PUBLIC_ORIGIN: z.url().optional(),
  /** Addresses and networks whose word on the visitor (`X-Forwarded-*`) is taken, comma-separated; this machine's always is. */
  TRUSTED_PROXIES: z.string().optional(),
  /** Relays for WebRTC, comma-separated: `turn:turn.example.org:3478?transport=tcp`. */
  TURN_URLS: z.string().optional(),
  /** Shared with the relay (coturn's `static-auth-secret`). */
  TURN_SECRET: z.string().optional(),
  /** Takes messages with one-time codes to phones; without it people sign in by password. */
  SMS_GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Signs what is sent to the gateway. */
  SMS_GATEWAY_SECRET: z.string().optional(),
  /** Shows the demo accounts on the sign-in page. */
  YIKE_DEMO: z.stringbool().default(false),
  /** JSON `{ "resident": "password", … }`, where the demo's passwords are not the default one. */
  DEMO_PASSWORDS: z.string().optional(),
  /** The built portal's request handler; the API also runs without it. */
  PORTAL_HANDLER: z
    .string()
    .default(fileURLToPath(new URL('../../portal/build/handler.js', import.meta.url))),
  /** Exit when standard input closes: the supervisor is gone. */
  YIKE_PARENT_WATCH: z.stringbool().default(false),
});

/** The API's environment. This file alone reads it. */
const Environment = Variables.transform(withPasswords)
  .superRefine(refuseInProduction)
  .superRefine(demandKeysInProduction);
export type ApiConfig = z.infer<typeof Environment>;

/** @throws {z.ZodError} naming every variable that is missing or wrong */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): ApiConfig =>
  parse(Environment, Object.keys(Variables.shape), environment);

const PrepareVariables = z.object({
  ...Mode.shape,
  ...Database.shape,
  ...Storage.shape,
  /** As the role that owns the database. */
  DATABASE_OWNER_URL: z.url(),
  DATABASE_OWNER_PASSWORD: z.string().optional(),
});

/** What prepares a deployment: the database's owner, the role that the API will have, and object storage. */
const PrepareEnvironment = PrepareVariables.transform((given) => ({
  ...withPasswords(given),
  DATABASE_OWNER_URL: withPassword(given.DATABASE_OWNER_URL, given.DATABASE_OWNER_PASSWORD),
})).superRefine(refuseInProduction);
export type PrepareConfig = z.infer<typeof PrepareEnvironment>;

/** @throws {z.ZodError} naming every variable that is missing or wrong */
export const readPrepareConfig = (environment: NodeJS.ProcessEnv = process.env): PrepareConfig =>
  parse(PrepareEnvironment, Object.keys(PrepareVariables.shape), environment);

/** What the migrations need: they run as the owner of the database. */
const MigrationVariables = PrepareVariables.pick({ DATABASE_OWNER_URL: true, DATABASE_OWNER_PASSWORD: true });

/** @throws {z.ZodError} where the owner's address is missing */
export function readMigrationConfig(environment: NodeJS.ProcessEnv = process.env): { ownerUrl: string } {
  const given = parse(MigrationVariables, Object.keys(MigrationVariables.shape), environment);
  return { ownerUrl: withPassword(given.DATABASE_OWNER_URL, given.DATABASE_OWNER_PASSWORD) };
}

/** What the rotation of keys needs. */
const RotationEnvironment = z.object({ ...Database.shape, PERSONAL_DATA_KEYS: z.string() });
export type RotationConfig = z.infer<typeof RotationEnvironment>;

/** @throws {z.ZodError} naming every variable that is missing or wrong */
export function readRotationConfig(environment: NodeJS.ProcessEnv = process.env): RotationConfig {
  return withPasswords(parse(RotationEnvironment, Object.keys(RotationEnvironment.shape), environment));
}

/** What the demo's seed needs: the database, object storage, and the file that lists the demo's courses. */
const SeedEnvironment = z.object({
  ...Database.shape,
  ...Storage.shape,
  DEMO_PASSWORDS: Variables.shape.DEMO_PASSWORDS,
  DEMO_ASSETS: z.string().optional(),
});
export type SeedConfig = z.infer<typeof SeedEnvironment>;

/** @throws {z.ZodError} naming every variable that is missing or wrong */
export function readSeedConfig(environment: NodeJS.ProcessEnv = process.env): SeedConfig {
  return withPasswords(parse(SeedEnvironment, Object.keys(SeedEnvironment.shape), environment));
}

/** Every variable that a deployment may set, for the documentation's test. */
export const API_VARIABLES = [
  ...new Set([...Object.keys(Variables.shape), ...Object.keys(PrepareVariables.shape)]),
];

function parse<S extends z.ZodType>(
  schema: S,
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): z.output<S> {
  return schema.parse(resolveFiles(names, environment, (file) => readFileSync(file, 'utf8')));
}

function withPasswords<C extends WithPasswords>(given: C): C {
  const { REDIS_URL, REDIS_PASSWORD } = given;
  return {
    ...given,
    DATABASE_URL: withPassword(given.DATABASE_URL, given.DATABASE_PASSWORD),
    ...(REDIS_URL !== undefined && { REDIS_URL: withPassword(REDIS_URL, REDIS_PASSWORD) }),
  };
}

interface WithPasswords {
  readonly DATABASE_URL: string;
  readonly DATABASE_PASSWORD?: string | undefined;
  readonly REDIS_URL?: string | undefined;
  readonly REDIS_PASSWORD?: string | undefined;
}

type Checked = WithPasswords &
  Pick<z.infer<typeof Variables>, 'NODE_ENV' | 'S3_SECRET_KEY'> &
  Partial<
    Pick<
      z.infer<typeof Variables>,
      | 'APP_SECRET'
      | 'PERSONAL_DATA_KEYS'
      | 'PERSONAL_DATA_INDEX_KEY'
      | 'MEDIA_NODE_SECRET'
      | 'TURN_SECRET'
      | 'SMS_GATEWAY_SECRET'
      | 'YIKE_DEMO'
      | 'DEMO_PASSWORDS'
    >
  > & { readonly DATABASE_OWNER_URL?: string };

const LONG = 32;
const SHORT = 16;
type Secret = [name: string, secret: string | undefined, atLeast: number];

/** A deployment for real has no demo, and no secret that one could guess. */
function refuseInProduction(config: Checked, context: z.RefinementCtx): void {
  if (config.NODE_ENV !== 'production') return;
  const refuse = (name: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [name], message });
  const { APP_SECRET, MEDIA_NODE_SECRET, TURN_SECRET, REDIS_URL, DATABASE_OWNER_URL } = config;
  const { PERSONAL_DATA_KEYS, PERSONAL_DATA_INDEX_KEY } = config;
  const secrets: Secret[] = [
    ['DATABASE_URL', passwordIn(config.DATABASE_URL), SHORT],
    ['DATABASE_OWNER_URL', DATABASE_OWNER_URL && passwordIn(DATABASE_OWNER_URL), SHORT],
    ['REDIS_URL', REDIS_URL && passwordIn(REDIS_URL), SHORT],
    ['S3_SECRET_KEY', config.S3_SECRET_KEY, SHORT],
    ['APP_SECRET', APP_SECRET, LONG],
    ...masterSecrets(PERSONAL_DATA_KEYS ?? '').map((key): Secret => ['PERSONAL_DATA_KEYS', key, LONG]),
    ['PERSONAL_DATA_INDEX_KEY', PERSONAL_DATA_INDEX_KEY, LONG],
    ['MEDIA_NODE_SECRET', MEDIA_NODE_SECRET, LONG],
    ['TURN_SECRET', TURN_SECRET, SHORT],
    ['SMS_GATEWAY_SECRET', config.SMS_GATEWAY_SECRET, SHORT],
  ];
  for (const [name, secret, atLeast] of secrets) {
    const weakness = secret === undefined ? null : weaknessOf(secret, atLeast);
    if (weakness !== null) refuse(name, `the secret ${weakness}`);
  }
  const long = secrets.filter(([, secret, atLeast]) => secret !== undefined && atLeast === LONG);
  for (const [at, [name, secret]] of long.entries()) {
    const twin = long.slice(at + 1).find(([, other]) => other === secret);
    if (twin !== undefined) refuse(name, `must not be the same as ${twin[0]}`);
  }
  if (config.YIKE_DEMO === true) refuse('YIKE_DEMO', 'the demo is not for production');
  if (config.DEMO_PASSWORDS !== undefined) refuse('DEMO_PASSWORDS', 'the demo is not for production');
}

/** Whoever keeps real names says by which keys. */
function demandKeysInProduction(config: z.infer<typeof Variables>, context: z.RefinementCtx): void {
  if (config.NODE_ENV !== 'production') return;
  for (const name of ['PERSONAL_DATA_KEYS', 'PERSONAL_DATA_INDEX_KEY'] as const) {
    const isGiven = masterSecrets(config[name] ?? '').length > 0;
    if (!isGiven) context.addIssue({ code: 'custom', path: [name], message: 'is needed in production' });
  }
}
