import { createApp } from './create-app.ts';
import { readConfig } from './config.ts';
import { watchParent } from './platform/parent-watch.ts';

const config = readConfig();
const app = await createApp(config);
await app.listen(config.PORT, config.HOST);
if (config.YIKE_PARENT_WATCH) watchParent(() => void app.close().finally(() => process.exit(0)));
