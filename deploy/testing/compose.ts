import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { inCheckout } from '../../scripts/host/paths.ts';

/** What our tests read of a service. */
const Service = z.looseObject({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  networks: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
  healthcheck: z.unknown().optional(),
});
export type Service = z.infer<typeof Service>;

const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

export const COMPOSE_FILE = inCheckout('docker-compose.yml');

/** The compose file as YAML means it, with its anchors merged and nothing interpolated. */
export const readComposeFile = (): unknown => parse(readFileSync(COMPOSE_FILE, 'utf8'), { merge: true });

export const compose = (): z.infer<typeof Compose> => Compose.parse(readComposeFile());
