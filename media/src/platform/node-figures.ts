import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { CONFIG, type MediaConfig } from '../config.ts';
import { LiveBroadcasts } from '../hls/live-broadcasts.ts';
import { WorkerPool } from '../sfu/worker-pool.ts';
import { Metrics } from './metrics.ts';
import { NodeChecks } from './node-checks.ts';
import { processUsage, type ProcessUsage } from './process-usage.ts';
import { freeBytes, spoolUsage } from './spool-usage.ts';

/** Figures of the node that are read when they are asked for: its workers, its spool, what it depends on. */
@Injectable()
export class NodeFigures {
  constructor(
    { registry }: Metrics,
    pool: WorkerPool,
    checks: NodeChecks,
    live: LiveBroadcasts,
    @Inject(CONFIG) { SPOOL_DIR }: MediaConfig,
  ) {
    const registers = [registry];
    const ofWorkers = async (gauge: Gauge<'worker'>, figure: (usage: ProcessUsage) => number) => {
      gauge.reset();
      for (const { index, pid } of pool.workers) {
        const usage = await processUsage(pid);
        if (usage !== null) gauge.set({ worker: index }, figure(usage));
      }
    };
    new Gauge({
      name: 'yike_media_worker_cpu_seconds',
      help: 'CPU time of each mediasoup worker since its start; a worker has one core. Unit: seconds.',
      labelNames: ['worker'],
      registers,
      collect() {
        return ofWorkers(this, ({ cpuSeconds }) => cpuSeconds);
      },
    });
    new Gauge({
      name: 'yike_media_worker_resident_bytes',
      help: 'Memory of each mediasoup worker. Unit: bytes.',
      labelNames: ['worker'],
      registers,
      collect() {
        return ofWorkers(this, ({ residentBytes }) => residentBytes);
      },
    });
    new Gauge({
      name: 'yike_media_load_ratio',
      help: 'Share of what the node can carry; from 1 on viewers get HLS. Unit: ratio.',
      registers,
      collect() {
        this.set(pool.load);
      },
    });
    new Gauge({
      name: 'yike_media_hls_waiting_requests',
      help: 'Requests of live HLS that wait for the next part: about one a viewer and track. Unit: requests.',
      registers,
      collect() {
        this.set(live.waitingCount);
      },
    });
    const spooled = new Gauge({
      name: 'yike_media_spool_bytes',
      help: 'Bytes of recordings that object storage has not confirmed. Unit: bytes.',
      registers,
    });
    const objects = new Gauge({
      name: 'yike_media_spool_objects',
      help: 'Objects of recordings that object storage has not confirmed, those being written included. Unit: objects.',
      registers,
    });
    new Gauge({
      name: 'yike_media_spool_oldest_age_seconds',
      help: 'Since when the oldest object waits in the spool; 0 where none does. Unit: seconds.',
      registers,
      async collect() {
        const usage = await spoolUsage(SPOOL_DIR);
        spooled.set(usage.bytes);
        objects.set(usage.objects);
        this.set(usage.oldestMs === null ? 0 : Math.max(0, Date.now() - usage.oldestMs) / 1000);
      },
    });
    new Gauge({
      name: 'yike_media_spool_free_bytes',
      help: 'Room that is left on the disk of the spool. Unit: bytes.',
      registers,
      async collect() {
        this.set(await freeBytes(SPOOL_DIR).catch(() => 0));
      },
    });
    new Gauge({
      name: 'yike_media_dependency_up_ratio',
      help: 'Whether a dependency is there, as /ready sees it: 1 or 0. Unit: ratio.',
      labelNames: ['dependency'],
      registers,
      async collect() {
        for (const { name, isUp } of (await checks.run()).checks)
          this.set({ dependency: name }, isUp ? 1 : 0);
      },
    });
  }
}
