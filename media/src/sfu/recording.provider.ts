import type { FactoryProvider } from '@nestjs/common';
import { createMinioStore } from '@yike/storage/minio-store';
import { CONFIG, type MediaConfig } from '../config.ts';
import { EventOutbox } from '../control/event-outbox.ts';
import { LOG, type Log } from '../platform/logger.ts';
import { EpochRecorder } from '../recording/epoch-recorder.ts';
import { RecordingService } from '../recording/recording-service.ts';
import type { StartEpoch } from '../recording/running-epoch.ts';
import { RECORDING, type RecordingPort, type RecordingSource } from './recording-port.ts';

/** The recorder, put together of its parts: ffmpeg for an epoch, the spool folder, object storage, the outbox. */
export const recordingProvider: FactoryProvider<RecordingPort> = {
  provide: RECORDING,
  inject: [CONFIG, EventOutbox, LOG],
  useFactory: (config: MediaConfig, events: EventOutbox, logger: Log) => {
    const store = createMinioStore({
      endpoint: config.S3_ENDPOINT,
      accessKey: config.S3_ACCESS_KEY,
      secretKey: config.S3_SECRET_KEY,
      bucket: config.S3_BUCKET,
      region: config.S3_REGION,
    });
    const deps = { store, events, logger, startEpoch: epochStarter(config, logger), now: Date.now };
    return new RecordingService<RecordingSource>(deps, config.SPOOL_DIR);
  },
};

function epochStarter(config: MediaConfig, logger: Log): StartEpoch<RecordingSource> {
  return async ({ router, producers }, sink, onDied) => {
    const recorder = await EpochRecorder.create({
      router,
      producers,
      sink,
      logger,
      ffmpegPath: config.FFMPEG_PATH,
      childUid: config.CHILD_UID,
      childGid: config.CHILD_GID,
    });
    recorder.once('died', onDied);
    return recorder;
  };
}
