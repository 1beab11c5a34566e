// `npm run rotate-keys`: every key of a person under the present master key of the data folder's secrets. With `--new-key` a new master key
// is made first (while Yike does not run), with `--data-keys` each person gets a new key as well.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runOnData } from './backup/run-on-data.ts';
import { runMain, SetupFailure } from './host/failure.ts';
import { takeLock } from './host/lock.ts';
import { type Options, readOptions } from './options.ts';
import { addMasterKey } from './services/secrets.ts';

const flag = { type: 'boolean', default: false } as const;

await runMain(async () => {
  const { values } = parseArgs({ options: { 'new-key': flag, 'data-keys': flag } });
  const options = readOptions(process.env);
  if (values['new-key']) await makeMasterKey(options);
  return runOnData(options, 'rotate-keys.js', values['data-keys'] ? ['--data-keys'] : []);
});
process.exit();

/** A running API does not know the new key, and could not read what is wrapped by it. */
async function makeMasterKey({ dataFolder }: Options): Promise<void> {
  const lock = await takeLock(`data ${path.resolve(dataFolder)}`);
  if (!('release' in lock)) throw new SetupFailure(`Yike is running on ${dataFolder}: stop it first.`);
  addMasterKey(dataFolder);
  await lock.release();
  console.log('A new master key is in the secrets; the old one stays, for backups that were made under it.');
}
