import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);

/** The API's environment. This file alone reads it. */
const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: Port.default(8082),
  /** As the role `yike_app`, which cannot change the schema or the ledger's past. */
  DATABASE_URL: z.url(),
  S3_ENDPOINT: z.url(),
  S3_ACCESS_KEY: z.string(),
  S3_SECRET_KEY: z.string(),
  S3_BUCKET: z.string().default('yike'),
  S3_REGION: z.string().default('us-east-1'),
  /** The origin where browsers reach object storage; without it segments are signed for the origin of the request. */
  S3_PUBLIC_URL: z.url().optional(),
  /** Shared with the media nodes; the keys for commands, events and join tickets are derived from it. */
  MEDIA_NODE_SECRET: z.string().min(32),
  /** The API's own keys are derived from it. */
  APP_SECRET: z.string().min(32),
  /** The portal's own origin; without it that of the request, as the nearest proxy tells it. */
  PUBLIC_ORIGIN: z.url().optional(),
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

export type ApiConfig = z.infer<typeof Environment>;

/** @throws {z.ZodError} naming every variable that is missing or wrong */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ApiConfig {
  return Environment.parse(environment);
}

/** What the migrations need: they run as the owner of the database. */
const MigrationEnvironment = z.object({ DATABASE_OWNER_URL: z.url() });

/** @throws {z.ZodError} where the owner's address is missing */
export function readMigrationConfig(environment: NodeJS.ProcessEnv = process.env): { ownerUrl: string } {
  return { ownerUrl: MigrationEnvironment.parse(environment).DATABASE_OWNER_URL };
}

/** What the demo's seed needs: the database, object storage, and the file that lists the demo's courses. */
const SeedEnvironment = Environment.pick({
  DATABASE_URL: true,
  S3_ENDPOINT: true,
  S3_ACCESS_KEY: true,
  S3_SECRET_KEY: true,
  S3_BUCKET: true,
  S3_REGION: true,
  DEMO_PASSWORDS: true,
}).extend({ DEMO_ASSETS: z.string().optional() });
export type SeedConfig = z.infer<typeof SeedEnvironment>;

/** @throws {z.ZodError} naming every variable that is missing or wrong */
export function readSeedConfig(environment: NodeJS.ProcessEnv = process.env): SeedConfig {
  return SeedEnvironment.parse(environment);
}
