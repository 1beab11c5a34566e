import { build } from './build.ts';
import { ensureMediaWorker } from './media-worker.ts';
import { findFfmpeg } from './programs.ts';
import type { Steps } from './steps.ts';

/** The programs that the product runs and does not consist of. */
export interface Parts {
  ffmpegPath: string;
  workerBin: string;
}

/** What every command needs beyond the dependencies: ffmpeg, the media worker, and the product, built. */
export async function provideParts(steps: Steps): Promise<Parts> {
  const [ffmpegPath, workerBin] = await Promise.all([
    steps.run('ffmpeg', () => {
      const found = findFfmpeg();
      return Promise.resolve([found, found.includes('node_modules') ? 'from npm' : found]);
    }),
    steps.run('media worker', async (say) => {
      const { bin, origin } = await ensureMediaWorker(say);
      return [bin, origin];
    }),
    steps.run('build', async () => [undefined, await build()]),
  ]);
  return { ffmpegPath, workerBin };
}
