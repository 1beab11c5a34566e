import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SetupFailure } from '../host/failure.ts';
import { CHECKOUT, inCheckout, shortHash } from '../host/paths.ts';
import { isRoot, UNPRIVILEGED } from '../host/privileges.ts';
import { onPath } from '../setup/programs.ts';
import type { Parts } from '../setup/parts.ts';
import type { Say } from '../setup/steps.ts';

/** As whom the parts run, and the programs in places where they may run them. */
export interface Identity {
  /** The user of api, media and storage; absent: ours. */
  user: { uid: number; gid: number } | undefined;
  /** The user for ffmpeg, where media itself still is root. */
  childUser: { uid: number; gid: number } | undefined;
  ffmpegPath: string;
  workerBin: string;
}

/**
 * Started as root, the product gives root up: api, media and storage run as `nobody`, who must be able to read the checkout. Where
 * he is not (a checkout in /root, say), these stay root, and only ffmpeg and the mediasoup worker, which eat what strangers
 * send, run as `nobody`; they are then copied to where he reaches them.
 */
export function chooseIdentity({ ffmpegPath, workerBin }: Parts, dataFolder: string, say: Say): Identity {
  if (!isRoot()) return { user: undefined, childUser: undefined, ffmpegPath, workerBin };
  const [ffmpeg, worker] = [ffmpegPath, workerBin].map((program) => reachable(program, say));
  if (ffmpeg === undefined || worker === undefined) throw new Error('two programs in, two programs out');
  const read = [inCheckout('api', 'dist', 'main.js'), inCheckout('node_modules', 'pg', 'package.json')];
  if (
    read.every((file) => mayUse(file, 'r')) &&
    [process.execPath, dataFolder].every((file) => mayUse(file, 'x'))
  ) {
    return { user: UNPRIVILEGED, childUser: undefined, ffmpegPath: ffmpeg, workerBin: worker };
  }
  say(
    `only root can read ${CHECKOUT} or ${dataFolder}, so api, media and storage run as root (ffmpeg and the media ` +
      'worker do not); in a folder that all may read none of it would',
  );
  return {
    user: undefined,
    childUser: UNPRIVILEGED,
    ffmpegPath: ffmpeg,
    workerBin: asNobody(worker, dataFolder),
  };
}

/** Gives a part's folder to the user it runs as. */
export function giveFolder(folder: string, user: Identity['user']): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (!isRoot() || lstatSync(folder).uid === owner.uid) return;
  execFileSync('chown', ['-hR', `${owner.uid}:${owner.gid}`, folder]);
}

/** Whether `nobody` may read or run this. */
function mayUse(file: string, how: 'r' | 'x'): boolean {
  return (
    spawnSync('/usr/bin/test', [`-${how}`, file], { ...UNPRIVILEGED, cwd: '/', stdio: 'ignore' }).status === 0
  );
}

/** The program where `nobody` can run it: as it is, else a copy. Its folder comes along: libraries stand beside. */
function reachable(program: string, say: Say): string {
  if (mayUse(program, 'x')) return program;
  const { size, mtimeMs } = statSync(program);
  const from = path.dirname(program);
  for (const cache of ['/var/cache/yike', path.join(tmpdir(), 'yike-programs')]) {
    const folder = path.join(cache, shortHash(`${program} ${size} ${mtimeMs}`));
    const copy = path.join(folder, path.basename(program));
    if (existsSync(copy) && isRoots(cache) && mayUse(copy, 'x')) return copy;
    try {
      mkdirSync(cache, { recursive: true, mode: 0o755 });
      if (!isRoots(cache)) continue;
      const unfinished = mkdtempSync(`${folder}.`);
      cpSync(from, unfinished, { recursive: true, dereference: true });
      chmodSync(unfinished, 0o755);
      rmSync(folder, { recursive: true, force: true });
      renameSync(unfinished, folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
      continue;
    }
    if (!mayUse(copy, 'x')) continue;
    say(
      `${path.basename(program)} is copied to ${folder}, because it may not run as root and only root can reach ${from}`,
    );
    return copy;
  }
  throw new SetupFailure(
    `${program} cannot be run by an unprivileged user: move it, or start Yike as another user than root.`,
  );
}

/** A folder in which others could write would let them choose what we run. */
function isRoots(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  return uid === 0 && (mode & 0o022) === 0;
}

/** A worker that lays root down first: mediasoup starts its worker as its own user. */
function asNobody(worker: string, dataFolder: string): string {
  if (onPath('setpriv') === undefined) {
    throw new SetupFailure(
      'There is no setpriv (package util-linux), without which the media worker would run as root.',
    );
  }
  const wrapper = path.join(dataFolder, 'mediasoup-worker');
  const quoted = `'${worker.replaceAll("'", String.raw`'\''`)}'`;
  const { uid, gid } = UNPRIVILEGED;
  const command = `exec setpriv --reuid=${uid} --regid=${gid} --clear-groups --no-new-privs ${quoted} "$@"`;
  writeFileSync(wrapper, `#!/bin/sh\n${command}\n`);
  chmodSync(wrapper, 0o755);
  return wrapper;
}
