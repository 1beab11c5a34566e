import type { MediaConfig } from '../config.ts';
import type { EpochFailure } from '../recording/epoch-failure.ts';
import { EpochRecorder, type RecorderLogger } from '../recording/epoch-recorder.ts';
import type { StartEpoch } from '../recording/running-epoch.ts';
import type { RecordingSource } from './recording-port.ts';

/** So many epochs in a row without a first picture, and it is given up: no parameter sets, or nothing but noise. */
const DOUBTED_AFTER = 2;

/**
 * Records a source by ffmpeg. A source whose picture cannot be recorded has its sound recorded alone from then on: better a
 * lecture that is heard than none.
 */
export function epochStarter(
  config: Pick<MediaConfig, 'FFMPEG_PATH' | 'CHILD_UID' | 'CHILD_GID'>,
  logger: RecorderLogger,
): StartEpoch<RecordingSource> {
  const failures = new WeakMap<RecordingSource, number>();
  const producersOf = (source: RecordingSource): RecordingSource['producers'] => {
    const { audio } = source.producers;
    const isDoubted = (failures.get(source) ?? 0) >= DOUBTED_AFTER;
    return isDoubted && audio ? { audio } : source.producers;
  };
  return async (source, sink, onDied) => {
    const recorder = await EpochRecorder.create({
      router: source.router,
      producers: producersOf(source),
      sink,
      logger,
      ffmpegPath: config.FFMPEG_PATH,
      childUid: config.CHILD_UID,
      childGid: config.CHILD_GID,
    });
    recorder.once('died', (failure: EpochFailure) => {
      const isWithoutPicture = failure.code === 'no-media' && !recorder.hasStarted;
      failures.set(source, isWithoutPicture ? (failures.get(source) ?? 0) + 1 : 0);
      onDied(failure);
    });
    return recorder;
  };
}
