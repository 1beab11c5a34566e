import { EpochFailure } from '../recording/epoch-failure.ts';
import type { StartEpoch } from '../recording/running-epoch.ts';
import type { Metrics } from './metrics.ts';

/** The same way to start an epoch, whose beginnings and deaths are counted. */
export function measuredEpochs<Source>(
  start: StartEpoch<Source>,
  { epochs, epochFailures }: Pick<Metrics, 'epochs' | 'epochFailures'>,
): StartEpoch<Source> {
  return async (source, sink, onDied) => {
    try {
      const running = await start(source, sink, (error) => {
        epochFailures.inc({ reason: error instanceof EpochFailure ? error.code : 'unknown' });
        onDied(error);
      });
      epochs.inc();
      return running;
    } catch (error) {
      epochFailures.inc({ reason: 'not-started' });
      throw error;
    }
  };
}
