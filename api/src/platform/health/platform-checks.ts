import { Inject, Injectable } from '@nestjs/common';
import type { ObjectStore } from '@yike/storage/object-store';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../database/migrations.ts';
import type { Redis } from '../shared/redis.ts';
import { OBJECT_STORE, REDIS } from '../tokens.ts';
import { ReadinessChecks } from './readiness.ts';

/** Each node is on its own now. */
class RedisAway extends Error {}

/** The schema lacks what this version was written for. */
class SchemaBehind extends Error {}

/**
 * What every part of the API stands on. Object storage is not needed to serve: while it is away lectures go on, beats count and
 * pages are shown; a load balancer that gave up all nodes for it would make an outage of one into one of all.
 */
@Injectable()
export class PlatformChecks {
  constructor(
    checks: ReadinessChecks,
    dataSource: DataSource,
    @Inject(OBJECT_STORE) store: Pick<ObjectStore, 'ping'>,
    @Inject(REDIS) redis: Redis | null,
  ) {
    checks.add({ name: 'database', isNeeded: true, check: () => dataSource.query('SELECT 1') });
    checks.add({ name: 'migrations', isNeeded: true, check: () => assertMigrated(dataSource) });
    checks.add({ name: 'storage', isNeeded: false, check: () => store.ping() });
    if (redis !== null) checks.add({ name: 'redis', isNeeded: false, check: () => ping(redis) });
  }
}

/** A command would wait for the connection. */
async function ping(redis: Redis): Promise<void> {
  if (!redis.isReady) throw new RedisAway('Redis is not connected');
  await redis.ping();
}

/** A schema that is ahead is fine: the next version's migrations run before its processes. */
async function assertMigrated(dataSource: DataSource): Promise<void> {
  const rows: { name: string }[] = await dataSource.query('SELECT name FROM migrations');
  const ran = new Set(rows.map(({ name }) => name));
  const missing = MIGRATIONS.map(({ name }) => name).filter((name) => !ran.has(name));
  if (missing.length > 0)
    throw new SchemaBehind(`the schema lacks ${missing.join(', ')}: run the migrations`);
}
