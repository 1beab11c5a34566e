import { findMediaWorker } from '../setup/media-worker.ts';
import { findFfmpeg, findFfprobe } from '../setup/programs.ts';

/** The programs that tests on real parts run, as absolute paths. */
export interface TestEnvironment {
  ffmpegPath: string;
  ffprobePath: string;
  workerBin: string;
}

/**
 * Finds the programs as the product does.
 * @throws SetupFailure, a sentence, where one is missing; `npm test` provides all of them.
 */
export function testEnvironment(): TestEnvironment {
  const workerBin = findMediaWorker();
  if (workerBin === undefined) throw new Error('there is no mediasoup worker yet: run "npm test" once');
  return { ffmpegPath: findFfmpeg(), ffprobePath: findFfprobe(), workerBin };
}
