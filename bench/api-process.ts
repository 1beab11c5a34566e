// The API in a process of its own, so that its CPU time can be told from the bench's: `api-process.ts <configuration as JSON>`.
// It says where it listens; the bench says what time it is, where it wants to move the clock.
import { argv } from 'node:process';
import type { ApiConfig } from '../api/src/config.ts';
import type { ApiMessage, ApiOrder } from './api/running-api.ts';
import { builtApi } from './viewing/api-parts.ts';

const { createApp, Clock } = await builtApi();
const app = await createApp(JSON.parse(argv[2] ?? '') as ApiConfig); // Written by startApi.
process.on('message', ({ nowMs }: ApiOrder) => {
  app.get(Clock).nowMs = () => nowMs;
  process.send?.({ nowMs } satisfies ApiMessage);
});
process.once('disconnect', () => void app.close().finally(() => process.exit(0)));
await app.listen(0, '127.0.0.1');
process.send?.({ origin: await app.getUrl() } satisfies ApiMessage);
