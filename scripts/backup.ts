// `npm run backup -- <folder>`: the database and the manifests of the data folder, while Yike runs or not.
import { namedFolder, runOnData } from './backup/run-on-data.ts';
import { saveSecrets } from './backup/secrets-copy.ts';
import { runMain } from './host/failure.ts';
import { readOptions } from './options.ts';

await runMain(async () => {
  const folder = namedFolder(process.argv.slice(2), 'npm run backup -- <new folder>');
  const options = readOptions(process.env);
  const code = await runOnData(options, 'backup/main.js', ['backup', folder]);
  if (code === 0) {
    saveSecrets(options.dataFolder, folder);
    console.log(
      'Its secrets are in it too: keep it as you keep a password. The media is not: copy object storage.',
    );
  }
  return code;
});
process.exit();
