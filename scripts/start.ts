// `npm start`: sets up what is missing, starts all parts and keeps them running until Ctrl-C.
import { runMain } from './host/failure.ts';
import { endRunning } from './host/run.ts';
import { readOptions } from './options.ts';
import { Product } from './services/product.ts';
import { Steps } from './setup/steps.ts';

const STOP_WITHIN_MS = 9_500;

await runMain(async () => {
  const say = (line: string): void => console.log(line);
  const product = new Product(readOptions(process.env), new Steps(say), (line) => say(`  ! ${line}`));
  const asked = askedToStop(() => {
    product.kill();
    process.exit(130);
  });
  try {
    const started = product.start();
    started.catch(() => undefined); // Where it is stopped in the middle, why it failed is no news.
    const outcome = await Promise.race([started.then(() => 'ready'), asked]);
    if (outcome === 'ready') {
      say(['', `Yike is ready: ${product.origin}`, ...product.accounts].join('\n'));
      await asked;
    }
    say('Stopping …');
  } finally {
    endRunning();
    const late = setTimeout(() => {
      product.kill();
      process.exit(1);
    }, STOP_WITHIN_MS);
    await product.stop();
    clearTimeout(late);
  }
  return 0;
});
process.exit();

/** Resolves at the first Ctrl-C (or SIGTERM, or when the terminal's command is gone); the second does not wait. */
function askedToStop(again: () => void): Promise<'stop'> {
  let times = 0;
  return new Promise((resolve) => {
    const ask = (): void => {
      times += 1;
      if (times > 1) again();
      resolve('stop');
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
    process.once('disconnect', ask);
    process.channel?.unref();
  });
}
