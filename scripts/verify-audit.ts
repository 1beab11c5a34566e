// `npm run verify-audit`: follows the audit log of the data folder from its first entry on, and names the first that is wrong.
import { runOnData } from './backup/run-on-data.ts';
import { runMain } from './host/failure.ts';
import { readOptions } from './options.ts';

await runMain(() => runOnData(readOptions(process.env), 'verify-audit.js', []));
process.exit();
