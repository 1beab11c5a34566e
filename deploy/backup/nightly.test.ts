import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inCheckout } from '../../scripts/host/paths.ts';

const SCRIPT = inCheckout('deploy', 'backup', 'nightly.sh');
let root: string;
let kept: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'yike nightly '));
  kept = path.join(root, 'kept');
  for (const name of ['bin', 'kept', 'kept/20250101T000000Z', 'kept/20250102T000000Z', 'kept/notes'])
    mkdirSync(path.join(root, name));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A docker that makes what the real command leaves behind: the last argument names the folder as the container sees it. */
function standIn(commands: string): NodeJS.ProcessEnv {
  const docker = path.join(root, 'bin', 'docker');
  writeFileSync(
    docker,
    `#!/bin/sh\nset -eu\nfor folder; do :; done\nnew="${kept}\${folder#/backup}"\n${commands}\n`,
  );
  chmodSync(docker, 0o755);
  return { ...process.env, PATH: `${path.dirname(docker)}:${process.env.PATH ?? ''}` };
}

it('keeps the newest, and what is none of ours', () => {
  const env = standIn('mkdir "$new" && echo {} > "$new/backup.json"');
  execFileSync(SCRIPT, [kept, '2'], { env });
  const names = readdirSync(kept).sort();
  expect(names).toHaveLength(3);
  expect(names[0]).toBe('20250102T000000Z');
  expect(names[2]).toBe('notes');
});

it.each([
  { name: 'that failed', commands: 'exit 1' },
  { name: 'that is not whole', commands: 'mkdir "$new"' },
])('a backup $name lets no old one go', ({ commands }) => {
  const { status } = spawnSync(SCRIPT, [kept, '1'], { env: standIn(commands) });
  expect(status).not.toBe(0);
  expect(readdirSync(kept)).toEqual(expect.arrayContaining(['20250101T000000Z', '20250102T000000Z']));
});
