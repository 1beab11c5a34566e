// `npm run verify`: every check that a change must pass, one after the other, and one summary.
import { runMain } from './host/failure.ts';
import { CHECKOUT, inCheckout } from './host/paths.ts';
import { run } from './host/run.ts';
import { provideParts } from './setup/parts.ts';
import { Steps } from './setup/steps.ts';
import { runProject } from './testing/projects.ts';

interface Check {
  name: string;
  /** A tool's file in node_modules, and its arguments. */
  tool: string;
  args: string[];
  cwd?: string;
}

const ROOMS = ['contracts', 'storage', 'media', 'api', 'portal'];
const PORTAL = inCheckout('portal');
const CHECKS: Check[] = [
  { name: 'format', tool: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level=warn', '.'] },
  { name: 'portal types', tool: '@sveltejs/kit/svelte-kit.js', args: ['sync'], cwd: PORTAL },
  { name: 'lint', tool: 'eslint/bin/eslint.js', args: ['.'] },
  {
    name: 'import directions',
    tool: 'dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ROOMS.map((room) => `${room}/src`),
  },
  { name: 'types', tool: 'typescript/bin/tsc', args: ['-p', 'tsconfig.tools.json'] },
  {
    name: 'svelte',
    tool: 'svelte-check/bin/svelte-check',
    args: ['--tsconfig', './tsconfig.json'],
    cwd: PORTAL,
  },
  { name: 'nothing unused', tool: 'knip/bin/knip.js', args: [] },
];

await runMain(async () => {
  const parts = await provideParts(new Steps((line) => console.log(line)));
  const failed: string[] = [];
  const report = (name: string, begun: number, passed: boolean, note: string): void => {
    if (!passed) failed.push(name);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1).padStart(6);
    console.log(`  ${passed ? '✓' : '✗'} ${name.padEnd(16)} ${seconds} s  ${note}`.trimEnd());
  };
  for (const { name, tool, args, cwd = CHECKOUT } of CHECKS) {
    const begun = performance.now();
    const { code, output } = await run(process.execPath, [inCheckout('node_modules', tool), ...args], {
      cwd,
    });
    if (code !== 0) console.log(output.trim());
    report(name, begun, code === 0, '');
  }
  for (const project of ['unit', 'integration'] as const) {
    const begun = performance.now();
    const tally = await runProject(project, parts);
    report(project, begun, tally.failed === 0, `${tally.passed} passed, ${tally.failed} failed`);
  }
  console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
});
