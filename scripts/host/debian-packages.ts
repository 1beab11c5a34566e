import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isExecutable, onPath } from '../setup/programs.ts';
import { SetupFailure } from './failure.ts';
import { cacheFolder, shortHash } from './paths.ts';
import { run } from './run.ts';

/** Programs and libraries from Debian packages, unpacked in a folder of their own. */
export interface DebianTree {
  /** Where the packages lie as they would under `/`. */
  readonly root: string;
  /** What a program of this tree needs in its environment to find its libraries. */
  readonly env: { readonly LD_LIBRARY_PATH: string };
  /** The path of a program, of this tree or of the machine. @throws SetupFailure where there is none */
  program(name: string): string;
}

const PROGRAM_FOLDERS = ['usr/bin', 'usr/sbin', 'bin', 'sbin'];
const LIBRARY_FOLDERS = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib'];
const LISTS_TIMEOUT_MS = 120_000;
const DOWNLOAD_TIMEOUT_MS = 300_000;

/**
 * Gets Debian packages, with what they need and this machine lacks, into the cache folder. Nothing is installed: the machine stays as
 * it is, nobody has to be root, and no service starts.
 * @throws SetupFailure where this is no Debian, or the packages cannot be had
 */
export async function debianPackages(...names: string[]): Promise<DebianTree> {
  const wanted = names.toSorted();
  const root = path.join(cacheFolder(), 'debian', shortHash(wanted.join(' ')));
  const done = path.join(root, '.complete');
  if (!existsSync(done)) {
    const fresh = `${root}.${process.pid}`;
    const files = await download(wanted, `${fresh}.lists`);
    for (const file of files) await must('dpkg-deb', ['--extract', file, fresh]);
    mkdirSync(fresh, { recursive: true });
    writeFileSync(path.join(fresh, '.complete'), `${wanted.join('\n')}\n`);
    if (existsSync(done)) rmSync(fresh, { recursive: true, force: true });
    else renameSync(fresh, root);
    rmSync(`${fresh}.lists`, { recursive: true, force: true });
  }
  return treeAt(root);
}

function treeAt(root: string): DebianTree {
  const inTree = (folders: readonly string[]) => folders.map((folder) => path.join(root, folder));
  return {
    root,
    env: { LD_LIBRARY_PATH: inTree(LIBRARY_FOLDERS).join(path.delimiter) },
    program: (name) => {
      const found =
        inTree(PROGRAM_FOLDERS)
          .map((folder) => path.join(folder, name))
          .find(isExecutable) ?? onPath(name);
      if (found === undefined) throw new SetupFailure(`The Debian packages bring no program ${name}.`);
      return found;
    },
  };
}

/** Downloads what apt would install, by state of our own beside the machine's. @returns the packages' files */
async function download(names: readonly string[], state: string): Promise<string[]> {
  const archives = path.join(state, 'archives');
  mkdirSync(path.join(archives, 'partial'), { recursive: true });
  mkdirSync(path.join(state, 'lists', 'partial'), { recursive: true });
  const options = [
    ...['-o', `Dir::State::lists=${path.join(state, 'lists')}`],
    ...['-o', 'Dir::State::status=/var/lib/dpkg/status'],
    ...['-o', `Dir::Cache=${state}`, '-o', `Dir::Cache::archives=${archives}`],
    ...['-o', 'Debug::NoLocking=true', '-o', 'APT::Sandbox::User='],
  ];
  await must('apt-get', [...options, 'update', '-q'], LISTS_TIMEOUT_MS);
  await must(
    'apt-get',
    [...options, 'install', '-q', '--yes', '--download-only', '--no-install-recommends', ...names],
    DOWNLOAD_TIMEOUT_MS,
  );
  return readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => path.join(archives, name));
}

async function must(command: string, args: string[], timeoutMs?: number): Promise<void> {
  const { code, output } = await run(command, args, timeoutMs === undefined ? {} : { timeoutMs });
  if (code === 0) return;
  const reason = output.trim().split('\n').at(-1) ?? '';
  throw new SetupFailure(
    code === 127
      ? `There is no ${command} here: this part needs a Debian or Ubuntu machine.`
      : `Debian packages cannot be had (${command}: ${reason}).`,
  );
}
