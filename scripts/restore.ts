// `npm run restore -- <folder>`: a backup into a new data folder (YIKE_DATA), beside the object storage that it was made with.
import { namedFolder, runOnData } from './backup/run-on-data.ts';
import { restoreSecrets } from './backup/secrets-copy.ts';
import { runMain } from './host/failure.ts';
import { readOptions } from './options.ts';

await runMain(async () => {
  const folder = namedFolder(process.argv.slice(2), 'npm run restore -- <folder of a backup>');
  const options = readOptions(process.env);
  restoreSecrets(folder, options.dataFolder);
  return runOnData(options, 'backup/main.js', ['restore', folder]);
});
process.exit();
