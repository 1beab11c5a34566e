import 'reflect-metadata';
import { createApp, listen } from './app.ts';
import { readConfig } from './config.ts';
import { Lifecycle } from './control/lifecycle.ts';
import { watchParent } from './platform/parent-watch.ts';

/** A supervisor waits 8 s before it kills. */
const EXIT_WITHIN_MS = 7500;

const config = readConfig();
const app = await createApp(config);
app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref());
}
if (config.YIKE_PARENT_WATCH) watchParent(() => process.kill(process.pid, 'SIGTERM'));
await app.get(Lifecycle).start(await listen(app, config));
