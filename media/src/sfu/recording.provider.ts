import type { FactoryProvider } from '@nestjs/common';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { CONFIG, type MediaConfig } from '../config.ts';
import { EventOutbox } from '../control/event-outbox.ts';
import { LiveBroadcasts } from '../hls/live-broadcasts.ts';
import { LOG, type Log } from '../platform/logger.ts';
import { measuredEpochs } from '../platform/measured-epochs.ts';
import { measuredStore } from '../platform/measured-store.ts';
import { Metrics } from '../platform/metrics.ts';
import { RecordingService } from '../recording/recording-service.ts';
import { epochStarter } from './epoch-starter.ts';
import { RECORDING, type RecordingPort, type RecordingSource } from './recording-port.ts';

/** Injection token of object storage. */
export const STORE = Symbol('object storage');

export const storeProvider: FactoryProvider<ObjectStore> = {
  provide: STORE,
  inject: [CONFIG, Metrics],
  useFactory: (config: MediaConfig, metrics: Metrics) => {
    const store = createMinioStore({
      endpoint: config.S3_ENDPOINT,
      accessKey: config.S3_ACCESS_KEY,
      secretKey: config.S3_SECRET_KEY,
      bucket: config.S3_BUCKET,
      region: config.S3_REGION,
    });
    return measuredStore(store, metrics);
  },
};

/** The recorder, put together of its parts: ffmpeg for an epoch, the spool folder, object storage, the outbox. */
export const recordingProvider: FactoryProvider<RecordingPort> = {
  provide: RECORDING,
  inject: [CONFIG, STORE, EventOutbox, LiveBroadcasts, LOG, Metrics],
  useFactory: (
    config: MediaConfig,
    store: ObjectStore,
    events: EventOutbox,
    live: LiveBroadcasts,
    logger: Log,
    metrics: Metrics,
  ) => {
    const startEpoch = measuredEpochs(epochStarter(config, logger), metrics);
    const deps = { store, events, logger, startEpoch, live, now: Date.now };
    return new RecordingService<RecordingSource>(deps, config.SPOOL_DIR);
  },
};
