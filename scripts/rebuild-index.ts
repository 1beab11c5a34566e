// `npm run rebuild-index`: the index of recordings, epochs and segments anew from the manifests in object storage.
import { runOnData } from './backup/run-on-data.ts';
import { runMain } from './host/failure.ts';
import { readOptions } from './options.ts';

await runMain(() => runOnData(readOptions(process.env), 'backup/main.js', ['rebuild-index']));
process.exit();
