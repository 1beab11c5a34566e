import { inCheckout } from '../../scripts/host/paths.ts';
import { run } from '../../scripts/host/run.ts';

const TIMEOUT_MS = 120_000;

/**
 * `npm run backup -- <folder>` or `npm run restore -- <folder>`, as a person types it.
 * @returns what it printed
 * @throws Error with that, where it failed
 */
export async function runOnData(
  command: 'backup' | 'restore',
  dataDir: string,
  folder: string,
): Promise<string> {
  const script = inCheckout('scripts', `${command}.ts`);
  const { code, output } = await run(process.execPath, ['--conditions=yike-source', script, folder], {
    env: { ...process.env, YIKE_DATA: dataDir },
    timeoutMs: TIMEOUT_MS,
  });
  if (code !== 0) throw new Error(`npm run ${command} ended with ${code}: ${output}`);
  return output;
}
