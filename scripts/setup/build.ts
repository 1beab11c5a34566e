import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { SetupFailure } from '../host/failure.ts';
import { CHECKOUT, inCheckout } from '../host/paths.ts';
import { run } from '../host/run.ts';
import { filesBelow, hashSources, isStamped, stamp } from './stamps.ts';

const COMPILED = ['contracts', 'storage', 'media', 'api'];
const SHARED_SOURCES = ['package-lock.json', 'tsconfig.base.json'];
/** Endings of what the compiler makes out of `name.ts`. */
const OUTPUT = /\.(?:js|js\.map|d\.ts|d\.ts\.map)$/;

/** Builds what the product runs from, where its sources have changed. @returns a note for the console */
export async function build(): Promise<string> {
  const [server, portal] = [serverTarget(), portalTarget()].map((target) => ({
    ...target,
    hash: hashSources(CHECKOUT, target.sources),
  }));
  const outdated = [server, portal].filter((target) => target !== undefined && !isUpToDate(target));
  if (outdated.length === 0) return 'up to date';
  // The portal's server side imports the built contracts.
  await compile(['contracts', 'storage']);
  await Promise.all(
    outdated.map(async (target) => {
      if (target === undefined) return;
      await target.make();
      stamp(target.stampFile, target.hash);
    }),
  );
  return outdated.map((target) => target?.name).join(' and ');
}

interface Target {
  name: string;
  sources: string[];
  stampFile: string;
  /** Files without which the target is not there, whatever the stamp says. */
  proofs: string[];
  make(): Promise<void>;
}

function serverTarget(): Target {
  return {
    name: 'server',
    sources: [
      ...SHARED_SOURCES,
      ...COMPILED.flatMap((each) => [`${each}/src`, `${each}/package.json`, `${each}/tsconfig.json`]),
    ],
    stampFile: inCheckout('api', 'dist', '.sources'),
    proofs: [inCheckout('api', 'dist', 'main.js')],
    make: async () => {
      await compile(COMPILED);
      for (const each of COMPILED) removeOrphans(inCheckout(each));
    },
  };
}

function portalTarget(): Target {
  return {
    name: 'portal',
    sources: [...SHARED_SOURCES, 'contracts/src', 'portal'],
    stampFile: inCheckout('portal', 'build', '.sources'),
    // SvelteKit's part of the portal's tsconfig lies in node_modules, which every install makes anew.
    proofs: [
      inCheckout('portal', 'build', 'handler.js'),
      inCheckout('portal', 'node_modules', '$app', 'tsconfig.json'),
    ],
    make: () =>
      runTool('the portal', ['node_modules', 'vite', 'bin', 'vite.js'], ['build'], inCheckout('portal')),
  };
}

function isUpToDate({ stampFile, proofs, hash }: Target & { hash: string }): boolean {
  return proofs.every((file) => existsSync(file)) && isStamped(stampFile, hash);
}

function compile(packages: string[]): Promise<void> {
  return runTool('the server', ['node_modules', 'typescript', 'bin', 'tsc'], ['-b', ...packages], CHECKOUT);
}

async function runTool(what: string, tool: string[], args: string[], cwd: string): Promise<void> {
  const { code, output } = await run(process.execPath, [inCheckout(...tool), ...args], { cwd });
  if (code === 0) return;
  throw new SetupFailure(`${output.trim()}\n\nThe build of ${what} failed, as said above.`);
}

/** The compiler leaves the output of sources that are gone; a migration, say, would still be found there. */
function removeOrphans(packageFolder: string): void {
  const [from, to] = [path.join(packageFolder, 'src'), path.join(packageFolder, 'dist')];
  for (const file of filesBelow(to).filter((each) => OUTPUT.test(each))) {
    const source = path.join(from, path.relative(to, file).replace(OUTPUT, '.ts'));
    if (!existsSync(source)) rmSync(file);
  }
}
