import { Injectable } from '@nestjs/common';
import { type Pool } from 'pg';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { Metrics } from '../health/metrics.ts';
import { ReadinessChecks } from '../health/readiness.ts';

/** Figures of this process that are read when they are asked for. */
@Injectable()
export class ProcessFigures {
  constructor({ registry }: Metrics, dataSource: DataSource, checks: ReadinessChecks) {
    const registers = [registry];
    new Gauge({
      name: 'yike_database_pool_connections',
      help: 'Connections of the pool to PostgreSQL: used, idle; waiting counts requests that wait for one. Unit: connections.',
      labelNames: ['state'],
      registers,
      collect() {
        const { totalCount, idleCount, waitingCount } = poolOf(dataSource);
        this.set({ state: 'used' }, totalCount - idleCount);
        this.set({ state: 'idle' }, idleCount);
        this.set({ state: 'waiting' }, waitingCount);
      },
    });
    new Gauge({
      name: 'yike_dependency_up_ratio',
      help: 'Whether a dependency answers, as /ready sees it: 1 or 0. Unit: ratio.',
      labelNames: ['dependency'],
      registers,
      async collect() {
        for (const { name, isUp } of (await checks.run()).checks)
          this.set({ dependency: name }, isUp ? 1 : 0);
      },
    });
  }
}

/** TypeORM's PostgreSQL driver keeps the pool as `master`, which its general type does not say. */
const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;
