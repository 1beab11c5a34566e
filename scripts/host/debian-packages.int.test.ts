import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { debianPackages, type DebianTree } from './debian-packages.ts';
import { run } from './run.ts';

describe('debianPackages', () => {
  let cache: string;
  let tree: DebianTree;

  beforeAll(async () => {
    cache = mkdtempSync(path.join(tmpdir(), 'yike 包-'));
    vi.stubEnv('XDG_CACHE_HOME', cache);
    tree = await debianPackages('redis-tools');
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  });

  it('brings a program that runs with its libraries, and installs nothing', async () => {
    const program = tree.program('redis-cli');
    const { code, output } = await run(program, ['--version'], { env: { ...process.env, ...tree.env } });
    expect(output).toMatch(/^redis-cli \d/);
    expect(code).toBe(0);
  });

  it('is kept for the next time', async () => {
    const again = await debianPackages('redis-tools');
    expect(again.root).toBe(tree.root);
  });

  it('tells in a sentence what cannot be had', async () => {
    await expect(debianPackages('yike-no-such-package')).rejects.toThrow(/cannot be had/);
    expect(() => tree.program('yike-no-such-program')).toThrow('bring no program');
  });
});
