import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ApiParts } from '../../api/src/features/viewing/testing/viewing-api.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A module of the API's build; its sources have decorators, which only the compiler understands. */
export const builtModule = <T>(path: string): Promise<T> =>
  // The build of the file that the caller names as the type.
  import(new URL(`../../api/dist/${path}.js`, import.meta.url).href) as Promise<T>;

/** Builds the API where its sources are newer, and gives what is needed to start it. */
export async function builtApi(): Promise<ApiParts> {
  const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
  await promisify(execFile)(process.execPath, [compiler, '-b', 'api'], { cwd: root });
  const [{ createApp }, { migrate }, { Clock }] = await Promise.all([
    builtModule<typeof import('../../api/src/create-app.ts')>('create-app'),
    builtModule<typeof import('../../api/src/database/migrate.ts')>('database/migrate'),
    builtModule<typeof import('../../api/src/platform/clock.ts')>('platform/clock'),
  ]);
  return { createApp, migrate, Clock };
}
